package io.postrider.store.postgres;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets so many in at a time. Whoever has to wait does so in a queue of the account's own, and the queues take turns: an
 * account with a thousand waiting holds up the others by no more than one with a single one. An account alone never has more
 * than its share inside, for what is inside may wait for one row's lock and stay for long.
 *
 * <p>As long as nobody waits, coming and going take no lock that accounts share.
 */
final class FairGate {
    /** Of an account's errands so many may wait; the next is refused. */
    static final int LONGEST_QUEUE_OF_ONE = 1_000;
    /** The part of the places that one account may have: one in so many. */
    static final int SHARE = 2;

    private final Vertx vertx;
    private final int share;
    private final int longestQueue;
    private final long longestWaitMillis;
    private final AtomicInteger free;
    private final Map<Long, Integer> inside = new ConcurrentHashMap<>();

    /** Written under the lock only. */
    private volatile int waiting;
    // The rest is touched under the lock only.
    private final Map<Long, Deque<Waiter>> queues = new HashMap<>();
    private final Deque<Long> turns = new ArrayDeque<>();

    /** Not a record: two of them are never the same. */
    private static final class Waiter {
        final Promise<Void> admitted = Here.promise();
        long timer;
    }

    FairGate(Vertx vertx, int places, int longestQueue, long longestWaitMillis) {
        this.vertx = vertx;
        this.free = new AtomicInteger(places);
        this.share = Math.max(1, places / SHARE);
        this.longestQueue = longestQueue;
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
        Waiter waiter = new Waiter();
        List<Waiter> admitted;
        synchronized (this) {
            Deque<Waiter> queue = queues.get(account);
            if (waiting >= longestQueue || queue != null && queue.size() >= LONGEST_QUEUE_OF_ONE) {
                waiter.admitted.fail(new StoreUnavailableException(
                        "too busy: " + waiting + " wait for a connection to the database", null));
            } else {
                waitBehind(account, queue, waiter);
            }
            // Somebody may have left between our look and our waiting, or seen the place that our attempt took for a
            // moment.
            admitted = admit();
        }
        tell(admitted);
        return waiter.admitted.future();
    }

    private void waitBehind(long account, Deque<Waiter> queue, Waiter waiter) {
        if (queue == null) {
            queues.computeIfAbsent(account, key -> new ArrayDeque<>()).add(waiter);
            turns.add(account);
        } else {
            queue.add(waiter);
        }
        waiter.timer = vertx.setTimer(longestWaitMillis, timer -> giveUp(account, waiter));
        waiting++;
    }

    private void tell(List<Waiter> admitted) {
        for (Waiter waiter : admitted) {
            vertx.cancelTimer(waiter.timer);
            waiter.admitted.complete();
        }
    }

    private synchronized List<Waiter> admit() {
        List<Waiter> admitted = new ArrayList<>(1);
        // Queues in a row whose accounts have their share already.
        int passedOver = 0;
        while (passedOver < turns.size() && free.get() > 0) {
            long account = turns.remove();
            if (!tryEnter(account)) {
                turns.add(account);
                passedOver++;
                continue;
            }
            passedOver = 0;
            Deque<Waiter> queue = queues.get(account);
            admitted.add(queue.remove());
            waiting--;
            if (queue.isEmpty()) {
                queues.remove(account);
            } else {
                turns.add(account);
            }
        }
        return admitted;
    }

    private void giveUp(long account, Waiter waiter) {
        synchronized (this) {
            Deque<Waiter> queue = queues.get(account);
            if (queue == null || !queue.remove(waiter)) {
                return;
            }
            waiting--;
            if (queue.isEmpty()) {
                queues.remove(account);
                turns.remove(account);
            }
        }
        waiter.admitted.fail(new StoreUnavailableException(
                "too busy: no connection to the database came free within " + longestWaitMillis + " ms", null));
    }
}
