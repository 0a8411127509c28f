package io.postrider.net.sasl;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks passwords off the event loop, and remembers right ones for a short while. What is remembered is bound to the
 * verifiers: with a changed password it is worth nothing.
 */
final class PasswordCheck {
    static final int REMEMBERED_LOGINS = 100_000;
    static final Duration REMEMBERED_TIME = Duration.ofSeconds(60);

    private static final String MAC = "HmacSHA256";

    enum Outcome {
        WRONG,
        PASSWORD,
        APP_PASSWORD
    }

    private final Vertx vertx;
    private final Passwords passwords;
    private final List<String> nobodysVerifier;
    private final SecretKeySpec processKey;
    private final Cache<ByteBuffer, Boolean> verified = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_LOGINS)
            .expireAfterWrite(REMEMBERED_TIME)
            .recordStats()
            .build();
    /** A client's five connections come at once, with one password. */
    private final Map<ByteBuffer, Future<Boolean>> underway = new ConcurrentHashMap<>();

    PasswordCheck(Vertx vertx, Passwords passwords, MeterRegistry registry) {
        this.vertx = vertx;
        this.passwords = passwords;
        this.nobodysVerifier = List.of(passwords.ofNobody());
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        this.processKey = new SecretKeySpec(key, MAC);
        count(registry, "hit", CacheStats::hitCount);
        count(registry, "miss", CacheStats::missCount);
    }

    private void count(MeterRegistry registry, String outcome, ToDoubleFunction<CacheStats> of) {
        FunctionCounter.builder("postrider.cache.requests", verified, cache -> of.applyAsDouble(cache.stats()))
                .tags("cache", "verified_logins", "outcome", outcome)
                .register(registry);
    }

    Future<Outcome> check(Attempt attempt, byte[] password) {
        if (attempt.account() != null && AppPasswords.looksLikeOne(password) && isAppPassword(attempt, password)) {
            return Future.succeededFuture(Outcome.APP_PASSWORD);
        }
        List<String> verifiers = Verifiers.toCheck(attempt.kept());
        long account = attempt.account() == null ? 0 : attempt.account().accountId();
        return verify(account, verifiers.isEmpty() ? nobodysVerifier : verifiers, password)
                .map(right -> right ? Outcome.PASSWORD : Outcome.WRONG);
    }

    private static boolean isAppPassword(Attempt attempt, byte[] password) {
        return attempt.proofs().appPasswords().stream()
                .filter(each -> each.protocols().isEmpty()
                        || each.protocols().contains(attempt.origin().protocol()))
                .anyMatch(each -> AppPasswords.matches(each.verifier(), password));
    }

    private Future<Boolean> verify(long account, List<String> verifiers, byte[] password) {
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
    private ByteBuffer key(long account, List<String> verifiers, byte[] password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(processKey);
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, account));
            for (String verifier : verifiers) {
                mac.update(verifier.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
            }
            return ByteBuffer.wrap(mac.doFinal(password));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
