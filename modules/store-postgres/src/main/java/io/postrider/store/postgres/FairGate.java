package io.postrider.store.postgres;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;

/**
 * Lets so many in at a time. Whoever has to wait does so in {@link FairQueues}: tenants take turns, and within a tenant its
 * accounts. An account alone never has more than its share inside, for what is inside may wait for one row's lock and stay
 * for long.
 *
 * <p>As long as nobody waits, coming and going take no lock that accounts share.
 */
final class FairGate {
    /** The part of the places that one account may have: one in so many. */
    static final int SHARE = 2;

    private final Vertx vertx;
    private final LongUnaryOperator tenantOf;
    private final int share;
    private final long longestWaitMillis;
    private final AtomicInteger free;
    private final Map<Long, Integer> inside = new ConcurrentHashMap<>();

    /** Touched under the lock only. */
    private final FairQueues<Waiter> queues;
    /** As many as are in the queues. Written under the lock only. */
    private volatile int waiting;

    /** Not a record: two of them are never the same. */
    private static final class Waiter {
        final long tenant;
        final long account;
        final Promise<Void> admitted = Here.promise();
        long timer;

        Waiter(long tenant, long account) {
            this.tenant = tenant;
            this.account = account;
        }
    }

    /** @param tenantOf an account's tenant, as far as it is known */
    FairGate(Vertx vertx, LongUnaryOperator tenantOf, int places, int longestQueue, long longestWaitMillis) {
        this.vertx = vertx;
        this.tenantOf = tenantOf;
        this.free = new AtomicInteger(places);
        this.share = Math.max(1, places / SHARE);
        this.queues = new FairQueues<>(longestQueue);
        this.longestWaitMillis = longestWaitMillis;
    }

    /** Succeeds once inside; then {@link #leave} must follow. Fails when too many wait, or after the longest wait. */
    Future<Void> enter(long account) {
        if (waiting == 0 && tryEnter(account)) {
            return Future.succeededFuture();
        }
        return queueUp(account);
    }

    void leave(long account) {
        inside.compute(account, (key, n) -> n == 1 ? null : n - 1);
        free.incrementAndGet();
        if (waiting > 0) {
            tell(admit());
        }
    }

    int waiting() {
        return waiting;
    }

    private boolean tryEnter(long account) {
        if (free.getAndUpdate(places -> Math.max(0, places - 1)) == 0) {
            return false;
        }
        if (inside.merge(account, 1, Integer::sum) <= share) {
            return true;
        }
        inside.compute(account, (key, n) -> n == 1 ? null : n - 1);
        free.incrementAndGet();
        return false;
    }

    private Future<Void> queueUp(long account) {
        Waiter waiter = new Waiter(tenantOf.applyAsLong(account), account);
        Waiter refused;
        List<Waiter> admitted;
        synchronized (this) {
            waiter.timer = vertx.setTimer(longestWaitMillis, timer -> giveUp(waiter));
            refused = queues.add(waiter.tenant, account, waiter);
            waiting = queues.size();
            // Somebody may have left between our look and our waiting, or seen the place that our attempt took for a
            // moment.
            admitted = admit();
        }
        if (refused != null) {
            vertx.cancelTimer(refused.timer);
            refused.admitted.fail(
                    new StoreUnavailableException("too busy: too many wait for a connection to the database", null));
        }
        tell(admitted);
        return waiter.admitted.future();
    }

    private void tell(List<Waiter> admitted) {
        for (Waiter waiter : admitted) {
            vertx.cancelTimer(waiter.timer);
            waiter.admitted.complete();
        }
    }

    private synchronized List<Waiter> admit() {
        List<Waiter> admitted = new ArrayList<>(1);
        while (free.get() > 0) {
            Waiter next = queues.next(this::tryEnter);
            if (next == null) {
                break;
            }
            admitted.add(next);
        }
        waiting = queues.size();
        return admitted;
    }

    private void giveUp(Waiter waiter) {
        synchronized (this) {
            if (!queues.remove(waiter.tenant, waiter.account, waiter)) {
                return;
            }
            waiting = queues.size();
        }
        waiter.admitted.fail(new StoreUnavailableException(
                "too busy: no connection to the database came free within " + longestWaitMillis + " ms", null));
    }
}
