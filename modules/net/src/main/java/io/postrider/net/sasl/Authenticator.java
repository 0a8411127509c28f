package io.postrider.net.sasl;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.net.sasl.AuthenticationException.Kind;
import io.postrider.store.Account;
import io.postrider.store.Directory;
import io.postrider.store.Directory.Login;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords against the directory, off the event loop, and remembers verified logins for a short while.
 *
 * <p>The directory is asked each time, and what is remembered is bound to the verifier: a changed password or a suspended
 * account counts at once.
 */
public final class Authenticator {
    static final int REMEMBERED_LOGINS = 100_000;
    static final Duration REMEMBERED_TIME = Duration.ofSeconds(60);

    /** A longer name is nobody's. */
    static final int MAX_NAME = 1_024;

    private static final Account NOBODY = new Account(0, 0, "", "", false, 0);
    private static final String MAC = "HmacSHA256";
    private static final int LOGGED_NAME = 100;
    private static final Logger log = LoggerFactory.getLogger(Authenticator.class);

    private final Vertx vertx;
    private final Directory directory;
    private final MeterRegistry registry;
    private final Passwords passwords;
    private final String nobodysVerifier = Argon2.ofNobody();
    private final SecretKeySpec processKey;
    private final Cache<ByteBuffer, Boolean> verified = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_LOGINS)
            .expireAfterWrite(REMEMBERED_TIME)
            .recordStats()
            .build();
    /** A client's five connections come at once, with one password. */
    private final Map<ByteBuffer, Future<Boolean>> underway = new ConcurrentHashMap<>();

    public Authenticator(Vertx vertx, Directory directory, MeterRegistry registry) {
        this(vertx, directory, registry, new Passwords(vertx));
    }

    Authenticator(Vertx vertx, Directory directory, MeterRegistry registry, Passwords passwords) {
        this.vertx = vertx;
        this.directory = directory;
        this.registry = registry;
        this.passwords = passwords;
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        this.processKey = new SecretKeySpec(key, MAC);
        count("hit", CacheStats::hitCount);
        count("miss", CacheStats::missCount);
    }

    private void count(String outcome, ToDoubleFunction<CacheStats> of) {
        FunctionCounter.builder("postrider.cache.requests", verified, cache -> of.applyAsDouble(cache.stats()))
                .tags("cache", "verified_logins", "outcome", outcome)
                .register(registry);
    }

    /**
     * Completes with the account, or fails with {@link AuthenticationException}; an unknown account costs and says the same
     * as a wrong password.
     *
     * @param name the authentication identity: the account's address
     * @param password wiped when the answer is known
     * @param clientAddress for logs and, later, for slowing down guesses
     */
    public Future<Account> authenticate(String name, byte[] password, String clientAddress) {
        return authenticate("none", name, password, clientAddress);
    }

    /** @param mechanism for logs and metrics */
    Future<Account> authenticate(String mechanism, String name, byte[] password, String clientAddress) {
        String prepared = SaslPrep.name(name);
        return find(prepared).compose(login -> check(login, password)).onComplete(done -> {
            Arrays.fill(password, (byte) 0);
            tell(mechanism, prepared, clientAddress, done.cause());
        });
    }

    private Future<Optional<Login>> find(String name) {
        // PostgreSQL's text holds no NUL.
        boolean possible = !name.isEmpty() && name.length() <= MAX_NAME && name.indexOf('\0') < 0;
        return possible ? directory.login(name) : Future.succeededFuture(Optional.empty());
    }

    private Future<Account> check(Optional<Login> login, byte[] password) {
        Account account = login.map(Login::account).orElse(NOBODY);
        List<String> verifiers =
                login.map(Login::verifiers).filter(list -> !list.isEmpty()).orElse(List.of(nobodysVerifier));
        return verify(account, verifiers, password).compose(right -> {
            if (!right) {
                return Future.failedFuture(new AuthenticationException(Kind.INVALID, "wrong name or password"));
            }
            return account.active()
                    ? Future.succeededFuture(account)
                    : Future.failedFuture(new AuthenticationException(Kind.FORBIDDEN, "account is suspended"));
        });
    }

    private Future<Boolean> verify(Account account, List<String> verifiers, byte[] password) {
        ByteBuffer key = key(account, verifiers, password);
        if (verified.getIfPresent(key) != null) {
            return Future.succeededFuture(true);
        }
        Future<Boolean> verifying = underway.computeIfAbsent(
                key, each -> passwords.matching(verifiers, password).map(Objects::nonNull));
        // Who waits for another's check goes on on its own context.
        Promise<Boolean> here = ((ContextInternal) vertx.getOrCreateContext()).promise();
        verifying
                .onComplete(done -> {
                    if (done.succeeded() && done.result()) {
                        verified.put(key, true);
                    }
                    underway.remove(key, verifying);
                })
                .onComplete(here);
        return here.future();
    }

    /** What is remembered tells nothing about a password to who has not this process's key. RFC 2104 */
    private ByteBuffer key(Account account, List<String> verifiers, byte[] password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(processKey);
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, account.accountId()));
            for (String verifier : verifiers) {
                mac.update(verifier.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
            }
            return ByteBuffer.wrap(mac.doFinal(password));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void tell(String mechanism, String name, String clientAddress, Throwable failure) {
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
                clientAddress,
                mechanism,
                failure == null ? "ok" : failure.getMessage());
    }

    /** No client writes lines of its own into the log. */
    private static String loggable(String name) {
        String start = name.length() > LOGGED_NAME ? name.substring(0, LOGGED_NAME) + "..." : name;
        return start.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "?");
    }
}
