package io.postrider.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What accounts prove themselves with, where they are at home, and how often somebody failed to prove anything. */
public interface Credentials {
    /** App passwords of one account; each is looked at in a login. */
    int MAX_APP_PASSWORDS = 50;

    int MAX_LABEL = 100;

    /** Networks one account is known to log in from; the one that was used least lately makes room. */
    int MAX_KNOWN_NETWORKS = 100;

    /**
     * Whose the name is and what a login is checked against, in one round trip, and whether there is such an account or not.
     *
     * @param network the client's, as {@link #remember} takes it
     */
    Future<Proofs> proofs(String name, String network);

    /**
     * @param account empty when there is no such account, or it is deleted
     * @param verifier of the password: one or several, as {@link Directory.NewAccount} has them; "" for none
     * @param saltOfNobody always the same for a name, whichever node is asked, and like a real one
     * @param argon2id whether the tenant lets passwords be kept so
     * @param scram whether the tenant lets passwords be kept so
     * @param appPasswords that have not expired
     * @param guesses at this name and from this network
     */
    record Proofs(
            Optional<Account> account,
            String verifier,
            byte[] saltOfNobody,
            boolean argon2id,
            boolean scram,
            List<AppProof> appPasswords,
            Guesses guesses) {}

    /**
     * An app password as a login needs it.
     *
     * @param protocols it may be used with, empty for all
     * @param usedToday whether that has been noted
     */
    record AppProof(long credentialId, String verifier, Set<String> protocols, boolean usedToday) {}

    /**
     * Failed logins by {@link Axis}, as many as are not forgotten yet.
     *
     * @param atHome the account has logged in from this network before
     * @param notedToday whether {@link #remember} has nothing to do
     */
    record Guesses(boolean atHome, boolean notedToday, double ofAccount, double ofNetwork, double ofPair) {}

    /** Adds to what is counted, for all nodes; each subject at most once. */
    Future<Void> countFailures(List<FailedLogins> failures);

    /** What failed logins are counted by. */
    enum Axis {
        /** The name, whoever tries, but for those at home there. */
        ACCOUNT,
        /** The client's network, whatever name it tries. */
        NETWORK,
        /** The name from a network that it is at home in. */
        PAIR
    }

    /** @param forgottenPerSecond how fast they become fewer */
    record FailedLogins(Axis axis, String name, String network, int count, double forgottenPerSecond) {}

    /** Notes that the account is at home in the network, and forgets what failed there. */
    Future<Void> remember(long accountId, String name, String network);

    /**
     * Keeps a password under another verifier, unless it was changed meanwhile. What the tenant does not allow is left out;
     * when nothing is left, nothing is changed.
     */
    Future<Void> rehash(long accountId, String before, String after);

    /** Which kinds of verifiers a tenant lets passwords be kept as; what is forbidden is dropped wherever another is kept. NONEXISTENT */
    Future<Void> allowVerifiers(String tenant, boolean argon2id, boolean scram);

    /**
     * A password for one program. NONEXISTENT (account), ALREADY_EXISTS (label), LIMIT, CANNOT (label).
     *
     * @param verifier of the password, see {@link Proofs}
     */
    Future<Void> addAppPassword(
            String address, String label, String verifier, Set<String> protocols, Optional<Instant> expiresAt);

    /** By label; NONEXISTENT. */
    Future<List<AppPassword>> appPasswords(String address);

    /**
     * @param protocols it may be used with, empty for all
     * @param lastUsedOn to the day
     */
    record AppPassword(
            String label,
            Set<String> protocols,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<LocalDate> lastUsedOn) {}

    /** It works no more, at once; NONEXISTENT. */
    Future<Void> revokeAppPassword(String address, String label);

    /** Notes the day. */
    Future<Void> usedAppPassword(long credentialId);
}
