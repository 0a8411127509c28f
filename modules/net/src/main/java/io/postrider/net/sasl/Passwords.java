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
    /**
     * What passwords are kept as; at least one of the two.
     *
     * @param scramIterations each client has to make as many at each login
     */
    public record Kinds(boolean argon2id, boolean scram, int scramIterations) {
        public static final int MIN_ITERATIONS = ScramVerifier.MIN_ITERATIONS;
        public static final int MAX_ITERATIONS = ScramVerifier.MAX_ITERATIONS;
        public static final Kinds DEFAULT = new Kinds(true, true, 10_000);

        /** Those that a tenant allows as well; its own wish goes before the installation's where they have none in common. */
        Kinds allowedBy(boolean tenantsArgon2id, boolean tenantsScram) {
            return new Kinds(
                    tenantsArgon2id && (argon2id || !tenantsScram),
                    tenantsScram && (scram || !tenantsArgon2id),
                    scramIterations);
        }
    }

    /** Waiting and running; about ten seconds' work. */
    static final int MAX_WAITING = 1_000;

    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

    /** Where so many wait, what is in no hurry stays away. */
    private static final int BUSY = 20;

    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Argon2 argon2;
    private final Kinds kinds;

    public Passwords(Vertx vertx) {
        this(vertx, Kinds.DEFAULT);
    }

    public Passwords(Vertx vertx, Kinds kinds) {
        this(vertx, kinds, new Argon2());
    }

    Passwords(Vertx vertx, Kinds kinds, Argon2 argon2) {
        this.workers = vertx.createSharedWorkerExecutor("postrider-passwords", WORKERS);
        this.kinds = kinds;
        this.argon2 = argon2;
    }

    Kinds kinds() {
        return kinds;
    }

    boolean isBusy() {
        return waiting.get() > BUSY;
    }

    /** A verifier that no password is known for, and that costs what one of ours does. */
    String ofNobody() {
        return kinds.argon2id
                ? Argon2.ofNobody()
                : ScramVerifier.ofNobody(kinds.scramIterations, new byte[ScramVerifier.SALT_OCTETS])
                        .toString();
    }

    /** The verifiers to keep for a password, one or two with a space between: Argon2id and SCRAM-SHA-256. */
    public Future<String> hash(byte[] password) {
        return hash(password, kinds);
    }

    Future<String> hash(byte[] password, Kinds wanted) {
        byte[] prepared = SaslPrep.password(password);
        return onWorker(() -> hashNow(prepared, wanted)).onComplete(done -> Arrays.fill(prepared, (byte) 0));
    }

    private String hashNow(byte[] prepared, Kinds wanted) {
        if (!wanted.scram) {
            return argon2.hash(prepared);
        }
        String scram = ScramVerifier.of(prepared, wanted.scramIterations).toString();
        return wanted.argon2id ? argon2.hash(prepared) + " " + scram : scram;
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
                if (Verifiers.matches(verifier, prepared, argon2)
                        || !Arrays.equals(prepared, octets) && Verifiers.matches(verifier, octets, argon2)) {
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
