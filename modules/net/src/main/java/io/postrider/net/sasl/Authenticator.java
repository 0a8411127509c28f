package io.postrider.net.sasl;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.net.sasl.AuthenticationException.Kind;
import io.postrider.store.Account;
import io.postrider.store.Credentials;
import io.postrider.store.Credentials.Proofs;
import io.postrider.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all logins have in common, whatever proves them: the directory is asked once, guessing is held up, and what came of it
 * is counted and told. An unknown account costs and says the same as a wrong password.
 *
 * <p>Nothing of the directory is remembered here: a changed password or a suspended account counts at once, on all nodes.
 */
public final class Authenticator {
    /** A longer name is nobody's. */
    static final int MAX_NAME = 1_024;

    /** An account whose hashing anew came to nothing is not tried again for so long. */
    static final Duration REHASH_AGAIN = Duration.ofMinutes(1);

    /** For names that can be nobody's. */
    private static final String NOBODY = "";

    private static final int LOGGED_NAME = 100;
    private static final Logger log = LoggerFactory.getLogger(Authenticator.class);

    private final Vertx vertx;
    private final Credentials credentials;
    private final MeterRegistry registry;
    private final Passwords passwords;
    private final PasswordCheck passwordCheck;
    private final Guard guard;
    private final Cache<Long, Boolean> rehashed = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(REHASH_AGAIN)
            .build();

    public Authenticator(
            Vertx vertx, Store store, MeterRegistry registry, Passwords passwords, GuessLimits guessLimits) {
        this.vertx = vertx;
        this.credentials = store.credentials();
        this.registry = registry;
        this.passwords = passwords;
        this.passwordCheck = new PasswordCheck(vertx, passwords, registry);
        this.guard = new Guard(vertx, credentials, registry, guessLimits);
    }

    /**
     * Completes with the account, or fails with {@link AuthenticationException}.
     *
     * @param name the authentication identity: the account's address
     * @param password wiped when the answer is known
     */
    public Future<Account> authenticate(String name, byte[] password, Origin origin) {
        return authenticate("none", name, password, origin);
    }

    Future<Account> authenticate(String mechanism, String name, byte[] password, Origin origin) {
        return begin(mechanism, name, origin)
                .compose(attempt -> conclude(attempt, () -> check(attempt, password)))
                .onComplete(done -> Arrays.fill(password, (byte) 0));
    }

    /** Looks up all that the login needs, in one round trip; never fails for who it is. */
    Future<Attempt> begin(String mechanism, String name, Origin origin) {
        String prepared = SaslPrep.name(name);
        // PostgreSQL's text holds no NUL.
        boolean possible = !prepared.isEmpty() && prepared.length() <= MAX_NAME && prepared.indexOf('\0') < 0;
        String asked = possible ? prepared : NOBODY;
        return credentials
                .proofs(asked, origin.network())
                .map(known -> new Attempt(mechanism, prepared, origin, known))
                .onFailure(failure -> tell(mechanism, prepared, origin, failure));
    }

    /** What a SCRAM client has to prove that it knows; of nobody, and just like one, where there is none. */
    ScramVerifier scramVerifier(Attempt attempt) {
        Proofs proofs = attempt.proofs();
        ScramVerifier kept = proofs.scram() ? Verifiers.scram(attempt.kept()) : null;
        return kept != null ? kept : ScramVerifier.ofNobody(passwords.kinds().scramIterations(), proofs.saltOfNobody());
    }

    /** Lets the proof be looked at unless there were too many wrong ones, and gives the account that it was right for. */
    Future<Account> conclude(Attempt attempt, Supplier<Future<Boolean>> proof) {
        long started = System.nanoTime();
        Optional<Guard.Admission> admission =
                guard.admit(attempt.name(), attempt.origin(), attempt.proofs().guesses());
        if (admission.isEmpty()) {
            return refuse(
                    attempt,
                    new AuthenticationException(Kind.TOO_MANY, "too many failed logins"),
                    started,
                    guard.longestDelay());
        }
        return proof.get()
                .onFailure(failure -> {
                    guard.over(admission.get());
                    tell(attempt.mechanism(), attempt.name(), attempt.origin(), failure);
                })
                .compose(right -> {
                    if (!right) {
                        return refuse(
                                attempt,
                                new AuthenticationException(Kind.INVALID, "wrong name or password"),
                                started,
                                guard.failed(admission.get()));
                    }
                    guard.over(admission.get());
                    noteHome(attempt);
                    return accept(attempt);
                });
    }

    /** The account, whose identity is proven by other means than what it keeps with us: a token, a certificate. */
    Future<Account> proven(String mechanism, String name, Origin origin) {
        return begin(mechanism, name, origin).compose(attempt -> {
            if (attempt.account() == null) {
                // In the words for a token or certificate that is not good.
                AuthenticationException unknown = new AuthenticationException(Kind.INVALID, "no such identity here");
                tell(mechanism, name, origin, unknown);
                return Future.failedFuture(unknown);
            }
            return accept(attempt);
        });
    }

    /** For logs and metrics: a login that did not come so far that an account was asked for. */
    void tell(String mechanism, String name, Origin origin, Throwable failure) {
        String outcome = "ok";
        if (failure instanceof AuthenticationException refused) {
            outcome = refused.kind().name().toLowerCase(Locale.ROOT);
        } else if (failure != null) {
            outcome = "error";
        }
        registry.counter("postrider.logins", "mechanism", mechanism, "outcome", outcome)
                .increment();
        log.info(
                "login of {} from {}, mechanism {}: {}",
                loggable(name),
                origin.address(),
                mechanism,
                failure == null ? "ok" : failure.getMessage());
    }

    Passwords passwords() {
        return passwords;
    }

    private Future<Boolean> check(Attempt attempt, byte[] password) {
        return passwordCheck.check(attempt, password).map(right -> {
            switch (right) {
                case PASSWORD -> rehash(attempt, password);
                case APP_PASSWORD -> noteUse(attempt, password);
                default -> {
                    // Nothing to note.
                }
            }
            return right != PasswordCheck.Outcome.WRONG;
        });
    }

    private Future<Account> accept(Attempt attempt) {
        AuthenticationException suspended =
                attempt.account().active() ? null : new AuthenticationException(Kind.FORBIDDEN, "account is suspended");
        tell(attempt.mechanism(), attempt.name(), attempt.origin(), suspended);
        return suspended == null ? Future.succeededFuture(attempt.account()) : Future.failedFuture(suspended);
    }

    /** Says no, but not before its time: so it does not tell how it was found out. */
    private Future<Account> refuse(Attempt attempt, AuthenticationException refusal, long started, Duration due) {
        tell(attempt.mechanism(), attempt.name(), attempt.origin(), refusal);
        long left = due.toNanos() - (System.nanoTime() - started);
        return left <= 0
                ? Future.failedFuture(refusal)
                : vertx.timer(left, TimeUnit.NANOSECONDS).compose(time -> Future.failedFuture(refusal));
    }

    private void noteHome(Attempt attempt) {
        Credentials.Guesses guesses = attempt.proofs().guesses();
        if (attempt.account() != null
                && !guard.isExempt(attempt.origin())
                && (!guesses.notedToday() || guesses.ofPair() > 0)) {
            credentials
                    .remember(
                            attempt.account().accountId(),
                            attempt.name(),
                            attempt.origin().network())
                    .onFailure(failure -> log.debug("a network was not noted: {}", failure.getMessage()));
        }
    }

    private void noteUse(Attempt attempt, byte[] password) {
        attempt.proofs().appPasswords().stream()
                .filter(each -> !each.usedToday() && AppPasswords.matches(each.verifier(), password))
                .forEach(each -> credentials
                        .usedAppPassword(each.credentialId())
                        .onFailure(failure -> log.debug("a use was not noted: {}", failure.getMessage())));
    }

    /** Keeps the password as one would today, behind the login's back. */
    private void rehash(Attempt attempt, byte[] password) {
        Proofs proofs = attempt.proofs();
        Passwords.Kinds wanted = passwords.kinds().allowedBy(proofs.argon2id(), proofs.scram());
        if (Verifiers.isCurrent(proofs.verifier(), wanted.argon2id(), wanted.scram())
                || passwords.isBusy()
                || rehashed.asMap().putIfAbsent(attempt.account().accountId(), true) != null) {
            return;
        }
        passwords
                .hash(password, wanted)
                .compose(verifier -> credentials.rehash(attempt.account().accountId(), proofs.verifier(), verifier))
                .onSuccess(
                        done -> registry.counter("postrider.passwords.rehashed").increment())
                .onFailure(failure -> log.warn(
                        "the password of {} could not be hashed anew: {}",
                        attempt.account().address(),
                        failure.getMessage()));
    }

    /** No client writes lines of its own into the log. */
    static String loggable(String name) {
        String start = name.length() > LOGGED_NAME ? name.substring(0, LOGGED_NAME) + "..." : name;
        return start.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "?");
    }
}
