package io.postrider.store.postgres;

import io.postrider.store.StoreUnavailableException;
import io.postrider.store.TimeSpent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.pgclient.PgConnection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Connections that serve one errand at a time each: transactions, and statements that take long or wait for locks. One that
 * is old, unused, broken, or made to a former primary is closed and never given out again.
 */
final class ConnectionPool {
    private final VertxInternal vertx;
    private final Primary primary;
    private final DatabaseOptions options;
    private final StoreMetrics metrics;
    private final FairGate gate;
    /** The one used last comes first, so that those too many stay unused and are closed. */
    private final Deque<Pooled> idle = new ConcurrentLinkedDeque<>();

    private final Set<Pooled> taken = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ConnectionPool(VertxInternal vertx, Primary primary, TenantsOfAccounts tenants, StoreMetrics metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.primary = primary;
        this.options = primary.options();
        this.gate = new FairGate(
                vertx,
                tenants::of,
                options.poolSize(),
                options.poolQueue(),
                options.connectTimeout().toMillis());
    }

    private static final class Pooled {
        final PgConnection connection;
        final ContextInternal context;
        final long generation;
        final long replaceAt;
        /** When it was taken, or given back. */
        volatile long since = System.nanoTime();

        volatile Promise<?> answer;
        volatile boolean broken;

        Pooled(PgConnection connection, ContextInternal context, long generation, long replaceAt) {
            this.connection = connection;
            this.context = context;
            this.generation = generation;
            this.replaceAt = replaceAt;
        }
    }

    /** Runs an errand of the account's on a connection, once it is its tenant's and its own turn. */
    <T> Future<T> with(long account, Function<PgConnection, Future<T>> errand) {
        long asked = System.nanoTime();
        metrics.waitingForConnection.increment();
        Future<Pooled> connected = gate.enter(account).compose(inside -> take().onFailure(none -> gate.leave(account)));
        TimeSpent spent = TimeSpent.current();
        return connected.onComplete(any -> waited(spent, asked)).compose(pooled -> {
            metrics.connectionsInUse.increment();
            return run(pooled, errand).onComplete(done -> {
                metrics.connectionsInUse.decrement();
                gate.leave(account);
            });
        });
    }

    /** Gives up errands that have taken longer, and closes idle connections that are of no use any more. */
    void lookAfter(long longestErrandNanos) {
        long now = System.nanoTime();
        for (Pooled pooled : taken) {
            Promise<?> answer = pooled.answer;
            if (answer != null && now - pooled.since > longestErrandNanos) {
                answer.tryFail(new StoreUnavailableException("the database does not answer", null));
            }
        }
        for (Pooled pooled : idle) {
            boolean unused = now - pooled.since > options.idleTimeout().toNanos();
            if ((unused || !isGood(pooled)) && idle.remove(pooled)) {
                pooled.connection.close();
            }
        }
    }

    Future<Void> close() {
        closed = true;
        List<Future<Void>> closing = Stream.concat(idle.stream(), taken.stream())
                .map(pooled -> pooled.connection.close())
                .toList();
        return Future.join(closing).otherwiseEmpty().mapEmpty();
    }

    private void waited(TimeSpent spent, long since) {
        if (spent != null) {
            spent.add(TimeSpent.On.POOL, since);
        }
        metrics.waitingForConnection.decrement();
        metrics.waitForConnection.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
    }

    private Future<Pooled> take() {
        ContextInternal caller = ContextInternal.current();
        for (Pooled pooled = idleNear(caller); pooled != null; pooled = idleNear(caller)) {
            if (isGood(pooled)) {
                return Future.succeededFuture(pooled);
            }
            pooled.connection.close();
        }
        return Here.future(open(contextNear(caller)));
    }

    /** On the caller's own event loop the answer need not change threads. */
    private Pooled idleNear(ContextInternal caller) {
        if (caller != null) {
            for (Pooled pooled : idle) {
                if (pooled.context.nettyEventLoop() == caller.nettyEventLoop() && idle.remove(pooled)) {
                    return pooled;
                }
            }
        }
        return idle.pollFirst();
    }

    private ContextInternal contextNear(ContextInternal caller) {
        return caller != null && caller.isEventLoopContext()
                ? vertx.contextBuilder().withEventLoop(caller.nettyEventLoop()).build()
                : vertx.createEventLoopContext();
    }

    private Future<Pooled> open(ContextInternal context) {
        long generation = primary.generation();
        return primary.connect(context).map(connection -> {
            Pooled pooled =
                    new Pooled(connection, context, generation, System.nanoTime() + Primary.lifetimeNanos(options));
            connection.closeHandler(v -> {
                pooled.broken = true;
                idle.remove(pooled);
            });
            return pooled;
        });
    }

    private boolean isGood(Pooled pooled) {
        return !closed
                && !pooled.broken
                && pooled.generation == primary.generation()
                && System.nanoTime() - pooled.replaceAt < 0;
    }

    private <T> Future<T> run(Pooled pooled, Function<PgConnection, Future<T>> errand) {
        Promise<T> answer = Here.promise();
        pooled.since = System.nanoTime();
        pooled.answer = answer;
        taken.add(pooled);
        attempt(errand, pooled.connection).onComplete((value, failure) -> {
            if (failure == null) {
                answer.tryComplete(value);
            } else {
                answer.tryFail(failure);
            }
        });
        return answer.future().onComplete((value, failure) -> giveBack(pooled, failure));
    }

    private void giveBack(Pooled pooled, Throwable failure) {
        taken.remove(pooled);
        pooled.answer = null;
        pooled.since = System.nanoTime();
        if (failure != null && Failures.saysNotPrimary(failure)) {
            primary.noLongerPrimary(pooled.generation);
        }
        if (failure != null && Failures.spoilsConnection(failure) || !isGood(pooled)) {
            pooled.connection.close();
            return;
        }
        idle.addFirst(pooled);
        // It may have closed, or we may have, since we looked.
        if ((pooled.broken || closed) && idle.remove(pooled)) {
            pooled.connection.close();
        }
    }

    private static <T> Future<T> attempt(Function<PgConnection, Future<T>> errand, PgConnection connection) {
        try {
            return errand.apply(connection);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
