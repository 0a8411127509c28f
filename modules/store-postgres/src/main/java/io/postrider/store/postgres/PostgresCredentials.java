package io.postrider.store.postgres;

import io.postrider.store.Credentials;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What accounts prove themselves with, in SQL. Names are brought to the one spelling of addresses first. */
final class PostgresCredentials implements Credentials {
    /** Octets of a digest that stands for a name: two never meet by chance, and nobody gains by making two meet. */
    private static final int SUBJECT_OCTETS = 16;

    static final String NO_LABEL =
            "The label has from 1 to " + MAX_LABEL + " characters, none of them a control character";

    private final Database database;

    PostgresCredentials(Database database) {
        this.database = database;
    }

    @Override
    public Future<Proofs> proofs(String name, String network) {
        String address = Names.address(name).orElse("");
        return database.execute(
                        CredentialQueries.PROOFS,
                        Tuple.of(
                                address,
                                network,
                                digest(spelling(name)),
                                subject(Axis.ACCOUNT, name, network),
                                subject(Axis.NETWORK, name, network),
                                subject(Axis.PAIR, name, network)))
                .map(rows -> CredentialQueries.proofs(Rows.only(rows)))
                .onSuccess(proofs -> proofs.account().ifPresent(database.tenants()::seen));
    }

    @Override
    public Future<Void> countFailures(List<FailedLogins> failures) {
        int n = failures.size();
        if (n == 0) {
            return Future.succeededFuture();
        }
        Buffer[] subjects = new Buffer[n];
        Double[] counts = new Double[n];
        Double[] forgotten = new Double[n];
        for (int i = 0; i < n; i++) {
            FailedLogins each = failures.get(i);
            subjects[i] = subject(each.axis(), each.name(), each.network());
            counts[i] = (double) each.count();
            forgotten[i] = each.forgottenPerSecond();
        }
        return database.executeApart(
                        Database.NO_ACCOUNT, CredentialQueries.COUNT_FAILURES, Tuple.of(subjects, counts, forgotten))
                .mapEmpty();
    }

    @Override
    public Future<Void> remember(long accountId, String name, String network) {
        return database.executeApart(
                        accountId,
                        CredentialQueries.REMEMBER,
                        Tuple.of(accountId, network, subject(Axis.PAIR, name, network), MAX_KNOWN_NETWORKS - 1))
                .mapEmpty();
    }

    @Override
    public Future<Void> rehash(long accountId, String before, String after) {
        return database.executeApart(accountId, CredentialQueries.REHASH, Tuple.of(accountId, before, after))
                .mapEmpty();
    }

    @Override
    public Future<Void> allowVerifiers(String tenant, boolean argon2id, boolean scram) {
        if (!argon2id && !scram) {
            return refuse(Refusal.Kind.CANNOT, "A tenant must allow Argon2id or SCRAM");
        }
        return database.executeApart(
                        Database.NO_ACCOUNT, CredentialQueries.ALLOW_VERIFIERS, Tuple.of(tenant, argon2id, scram))
                .compose(found -> found.size() == 1
                        ? Future.succeededFuture()
                        : refuse(Refusal.Kind.NONEXISTENT, "No such tenant: " + tenant));
    }

    @Override
    public Future<Void> addAppPassword(
            String address, String label, String verifier, Set<String> protocols, Optional<Instant> expiresAt) {
        if (!isLabel(label)) {
            return refuse(Refusal.Kind.CANNOT, NO_LABEL);
        }
        Tuple arguments = Tuple.of(
                Names.address(address).orElse(""),
                label,
                verifier,
                protocols.isEmpty() ? null : protocols.toArray(String[]::new),
                expiresAt.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null),
                MAX_APP_PASSWORDS);
        return database.executeApart(Database.NO_ACCOUNT, CredentialQueries.ADD_APP_PASSWORD, arguments)
                .recover(failure -> Failures.isUniqueViolation(failure)
                        ? refuse(
                                Refusal.Kind.ALREADY_EXISTS, "There is an app password of that label already: " + label)
                        : Future.failedFuture(failure))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        return nobody(address);
                    }
                    return Rows.only(rows).getBoolean("added")
                            ? Future.succeededFuture()
                            : refuse(
                                    Refusal.Kind.LIMIT,
                                    "An account has at most " + MAX_APP_PASSWORDS + " app passwords; revoke one first");
                });
    }

    static boolean isLabel(String label) {
        return !label.isBlank()
                && label.length() <= MAX_LABEL
                && label.strip().equals(label)
                && label.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    @Override
    public Future<List<AppPassword>> appPasswords(String address) {
        return database.execute(
                        CredentialQueries.APP_PASSWORDS,
                        Tuple.of(Names.address(address).orElse("")))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        return nobody(address);
                    }
                    boolean none = Rows.only(rows).getString("label") == null;
                    return Future.succeededFuture(
                            none
                                    ? List.of()
                                    : Rows.each(CredentialQueries::appPassword).apply(rows));
                });
    }

    @Override
    public Future<Void> revokeAppPassword(String address, String label) {
        return database.executeApart(
                        Database.NO_ACCOUNT,
                        CredentialQueries.REVOKE_APP_PASSWORD,
                        Tuple.of(Names.address(address).orElse(""), label))
                .compose(gone -> gone.size() == 1
                        ? Future.succeededFuture()
                        : refuse(Refusal.Kind.NONEXISTENT, address + " has no app password of that label: " + label));
    }

    @Override
    public Future<Void> usedAppPassword(long credentialId) {
        return database.executeApart(Database.NO_ACCOUNT, CredentialQueries.USED_APP_PASSWORD, Tuple.of(credentialId))
                .mapEmpty();
    }

    /** The address; whatever it is where it is none. */
    private static String spelling(String name) {
        return Names.address(name).orElse(name);
    }

    private static Buffer subject(Axis axis, String name, String network) {
        String subject =
                switch (axis) {
                    case ACCOUNT -> spelling(name);
                    case NETWORK -> network;
                    case PAIR -> spelling(name) + " " + network;
                };
        return Buffer.buffer(Arrays.copyOf(digest(axis + " " + subject).getBytes(), SUBJECT_OCTETS));
    }

    private static Buffer digest(String text) {
        try {
            return Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> Future<T> nobody(String address) {
        return refuse(Refusal.Kind.NONEXISTENT, "No such account: " + address);
    }

    private static <T> Future<T> refuse(Refusal.Kind kind, String message) {
        return Future.failedFuture(new Refusal(kind, message));
    }
}
