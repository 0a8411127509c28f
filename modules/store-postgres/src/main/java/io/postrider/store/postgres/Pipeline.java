package io.postrider.store.postgres;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection that many short statements share: each is sent without waiting for the answers to those before it. The
 * connection is made when first needed, made again when it was lost, and replaced when it is old or its server is no longer
 * the primary. All but the count is touched only on the connection's own event loop.
 */
final class Pipeline {
    private static final long WATCHDOG_MILLIS = 500;

    private final ContextInternal context;
    private final Primary primary;
    private final DatabaseOptions options;
    private final long lifetimeNanos;
    private final AtomicInteger inFlight = new AtomicInteger();

    private Future<Link> link;
    private long watchdog = -1;

    Pipeline(ContextInternal context, Primary primary) {
        this.context = context;
        this.primary = primary;
        this.options = primary.options();
        this.lifetimeNanos = Primary.lifetimeNanos(options);
    }

    /** A connection and what is still on its way in it. */
    private static final class Link {
        final PgConnection connection;
        final long generation;
        final long since = System.nanoTime();
        int inFlight;
        /** When the last answer came, or the first statement went out after all were answered. */
        long lastNews;

        boolean retired;

        Link(PgConnection connection, long generation) {
            this.connection = connection;
            this.generation = generation;
        }

        void retire() {
            retired = true;
            if (inFlight == 0) {
                connection.close();
            }
        }
    }

    boolean isOn(ContextInternal caller) {
        return caller != null && caller.nettyEventLoop() == context.nettyEventLoop();
    }

    int inFlight() {
        return inFlight.get();
    }

    void execute(Statement statement, Tuple arguments, Completable<RowSet<Row>> answer) {
        if (inFlight.incrementAndGet() > options.pipelineQueue()) {
            inFlight.decrementAndGet();
            answer.fail(new StoreUnavailableException("too many statements wait for the database", null));
            return;
        }
        context.execute(() -> current().onComplete((link, failure) -> {
            if (failure != null) {
                inFlight.decrementAndGet();
                answer.fail(failure);
            } else {
                send(link, statement, arguments, answer);
            }
        }));
    }

    Future<Void> close() {
        return context.future(closed -> context.execute(() -> {
            context.owner().cancelTimer(watchdog);
            Future<Link> last = link;
            link = Future.failedFuture(new StoreUnavailableException("the store is closed", null));
            if (last == null) {
                closed.complete();
            } else {
                last.compose(open -> open.connection.close()).otherwiseEmpty().onComplete(closed);
            }
        }));
    }

    private void send(Link link, Statement statement, Tuple arguments, Completable<RowSet<Row>> answer) {
        if (link.inFlight++ == 0) {
            link.lastNews = System.nanoTime();
        }
        link.connection.preparedQuery(statement.sql()).execute(arguments).onComplete((rows, failure) -> {
            link.inFlight--;
            link.lastNews = System.nanoTime();
            inFlight.decrementAndGet();
            if (failure != null && Failures.saysNotPrimary(failure)) {
                primary.noLongerPrimary(link.generation);
            }
            if (failure != null && Failures.spoilsConnection(failure)) {
                forget(link);
            }
            if (link.retired && link.inFlight == 0) {
                link.connection.close();
            }
            answer.complete(rows, failure);
        });
    }

    private Future<Link> current() {
        if (link != null && link.succeeded() && isOver(link.result())) {
            forget(link.result());
        }
        if (link != null) {
            return link;
        }
        long generation = primary.generation();
        Future<Link> connecting = primary.connect(context).map(connection -> opened(connection, generation));
        link = connecting;
        connecting.onFailure(failure -> {
            if (link == connecting) {
                link = null;
            }
        });
        return connecting;
    }

    private boolean isOver(Link current) {
        return current.generation != primary.generation() || System.nanoTime() - current.since > lifetimeNanos;
    }

    private Link opened(PgConnection connection, long generation) {
        Link opened = new Link(connection, generation);
        connection.closeHandler(v -> forget(opened));
        if (watchdog < 0) {
            watchdog = context.setPeriodic(WATCHDOG_MILLIS, timer -> forgetWhenSilent());
        }
        return opened;
    }

    /** A network that swallows everything closes no connection: statements would wait in it for ever. */
    private void forgetWhenSilent() {
        if (link != null && link.succeeded()) {
            Link current = link.result();
            long silence = System.nanoTime() - current.lastNews;
            if (current.inFlight > 0 && silence > options.longestSilence().toNanos()) {
                forget(current);
                current.connection.close();
            }
        }
    }

    /** What is on its way may still be answered; nothing new goes there. */
    private void forget(Link lost) {
        if (link != null && link.succeeded() && link.result() == lost) {
            link = null;
        }
        if (!lost.retired) {
            lost.retire();
        }
    }
}
