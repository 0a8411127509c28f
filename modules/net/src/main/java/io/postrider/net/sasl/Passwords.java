package io.postrider.net.sasl;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hashes and checks passwords, on workers of its own since each takes 15 ms of CPU and 19 MiB. What waits for a worker is
 * bounded: behind {@link #MAX_WAITING} others a login would wait too long anyway.
 */
public final class Passwords {
    /** Waiting and running; about ten seconds' work. */
    static final int MAX_WAITING = 1_000;

    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Argon2 argon2;

    public Passwords(Vertx vertx) {
        this(vertx, new Argon2());
    }

    Passwords(Vertx vertx, Argon2 argon2) {
        this.workers = vertx.createSharedWorkerExecutor("postrider-passwords", WORKERS);
        this.argon2 = argon2;
    }

    /** The verifier to keep for a password: Argon2id, as a PHC string. */
    public Future<String> hash(byte[] password) {
        byte[] prepared = SaslPrep.password(password);
        return onWorker(() -> argon2.hash(prepared)).onComplete(done -> Arrays.fill(prepared, (byte) 0));
    }

    /** The verifier that the password belongs to; null when it is none's. */
    Future<String> matching(List<String> verifiers, byte[] password) {
        byte[] octets = password.clone();
        return onWorker(() -> matchingNow(verifiers, octets)).onComplete(done -> Arrays.fill(octets, (byte) 0));
    }

    private String matchingNow(List<String> verifiers, byte[] octets) {
        byte[] prepared = SaslPrep.password(octets);
        try {
            for (String verifier : verifiers) {
                // Verifiers that come from other servers may be of the octets as they are.
                if (argon2.verify(verifier, prepared)
                        || !Arrays.equals(prepared, octets) && argon2.verify(verifier, octets)) {
                    return verifier;
                }
            }
            return null;
        } finally {
            Arrays.fill(prepared, (byte) 0);
        }
    }

    private <T> Future<T> onWorker(Callable<T> work) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new StoreUnavailableException("too many passwords are being checked, try again later", null));
        }
        return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
    }
}
