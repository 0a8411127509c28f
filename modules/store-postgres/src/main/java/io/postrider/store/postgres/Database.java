package io.postrider.store.postgres;

import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.store.Span;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.TimeSpent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The ways to the database: {@link #execute} for short statements that wait for nobody, {@link #executeApart} for those that
 * take long or may wait for a row's lock, {@link #transaction} for several that belong together. The latter two are asked for
 * in the name of an account, and tenants and their accounts take turns where they have to wait ({@link FairGate}).
 *
 * <p>Easy to get wrong: statements given to {@code execute} share a connection and are answered in turn, so one that waits
 * for a lock holds up all behind it.
 *
 * <p>Answers come on the caller's Vert.x context. Failures are {@link StoreUnavailableException} when the database cannot be
 * asked now, what the work itself failed with, or the driver's.
 */
final class Database {
    /** In whose name the node's own errands and those for many accounts are asked. */
    static final long NO_ACCOUNT = 0;
    /** How often one transaction is tried when PostgreSQL asks for it again (40001, 40P01). */
    static final int ATTEMPTS = 8;

    private static final int RETRY_MILLIS = 5;
    private static final long CLOSE_MILLIS = 10_000;
    private static final long WATCHDOG_MILLIS = 500;
    /** Of {@link DatabaseOptions#longestSilence}, what all of a transaction may take. */
    private static final int LONGEST_SILENCES = 2;

    private final VertxInternal vertx;
    private final DatabaseOptions options;
    private final List<Pipeline> pipelines;
    private final Primary primary;
    private final TenantsOfAccounts tenants = new TenantsOfAccounts();
    private final ConnectionPool pool;
    private final StatementTimers timers;
    private final StoreMetrics metrics;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final long watchdog;
    private volatile Promise<Void> lastDone;

    Database(Vertx vertx, DatabaseOptions options, MeterRegistry registry) {
        this.vertx = (VertxInternal) vertx;
        this.options = options;
        this.timers = new StatementTimers(registry);
        this.primary = new Primary(options);
        this.metrics = new StoreMetrics(registry);
        this.pipelines = IntStream.range(0, options.pipelines())
                .mapToObj(i -> new Pipeline(this.vertx.createEventLoopContext(), primary))
                .toList();
        this.pool = new ConnectionPool(this.vertx, primary, tenants, metrics);
        metrics.gauge("postrider.database.pool.size", options, DatabaseOptions::poolSize);
        metrics.gauge("postrider.database.pipeline.in.flight", pipelines, Database::inFlight);
        this.watchdog =
                this.vertx.createEventLoopContext().setPeriodic(WATCHDOG_MILLIS, timer -> giveUpWhatTakesTooLong());
    }

    StoreMetrics metrics() {
        return metrics;
    }

    Vertx vertx() {
        return vertx;
    }

    DatabaseOptions options() {
        return options;
    }

    Primary primary() {
        return primary;
    }

    TenantsOfAccounts tenants() {
        return tenants;
    }

    /** A short statement, in a pipeline with others. It takes effect at once, by itself. */
    Future<RowSet<Row>> execute(Statement statement, Tuple arguments) {
        Span asked = Span.current();
        return onCallersContext(() -> again(statement.name(), 1, () -> {
            Promise<RowSet<Row>> answer = Promise.promise();
            Span span = Span.statement(asked, statement.name());
            leastBusyPipeline().execute(statement, arguments, answer);
            return timers.time(statement.name(), span, answer.future());
        }));
    }

    /** A statement on a connection of its own: one that takes long, or that may wait for a row's lock. */
    Future<RowSet<Row>> executeApart(long account, Statement statement, Tuple arguments) {
        Span asked = Span.current();
        return onCallersContext(() -> again(
                statement.name(),
                1,
                () -> pool.with(account, connection -> new Transaction(connection, timers, asked)
                        .execute(statement, arguments))));
    }

    /**
     * Runs the work in a transaction and commits it. The work may run several times, up to {@link #ATTEMPTS}: it must do
     * nothing but ask the database. When it fails, nothing has happened.
     */
    <T> Future<T> transaction(long account, String name, Function<Transaction, Future<T>> work) {
        Span asked = Span.current();
        return onCallersContext(() -> again(name, 1, () -> {
            Span span = Span.statement(asked, name);
            return timers.time(name, span, pool.with(account, connection -> run(connection, span, work)));
        }));
    }

    /**
     * A statement behind the locks it needs. BEGIN, the lock, the statement and COMMIT go out together, so that this takes
     * one round trip, and the rows are locked for no longer than the statement and the disk take. The statement sees all
     * that was committed before it had the lock, which a statement that itself waits for the lock does not.
     */
    Future<RowSet<Row>> executeBehind(
            long account, Statement lock, Tuple locked, Statement statement, Tuple arguments) {
        Span asked = Span.current();
        return onCallersContext(() -> again(
                statement.name(),
                1,
                () -> timers.time(
                        statement.name(),
                        Span.statement(asked, statement.name()),
                        pool.with(
                                account,
                                connection -> lockedAndCommitted(connection, lock, locked, statement, arguments)))));
    }

    private static Future<RowSet<Row>> lockedAndCommitted(
            SqlConnection connection, Statement lock, Tuple locked, Statement statement, Tuple arguments) {
        Future<?> begun =
                connection.query("begin isolation level read committed").execute();
        Future<?> lockTaken = connection.preparedQuery(lock.sql()).execute(locked);
        Future<RowSet<Row>> rows = connection.preparedQuery(statement.sql()).execute(arguments);
        // After a failure PostgreSQL takes this for a ROLLBACK.
        Future<?> committed = connection.query("commit").execute();
        // The first failure is the reason; those behind it only say that the transaction is aborted.
        return Future.join(begun, lockTaken, rows, committed).transform(all -> begun.compose(v -> lockTaken)
                .compose(v -> rows)
                .compose(v -> committed)
                .compose(v -> rows));
    }

    /** Refuses new work, waits for what runs, and closes all connections. */
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        lastDone = done;
        vertx.cancelTimer(watchdog);
        if (running.isEmpty()) {
            done.tryComplete();
        }
        return done.future()
                .timeout(CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .compose(v -> Future.join(Stream.concat(
                                        Stream.of(pool.close()),
                                        pipelines.stream().map(Pipeline::close))
                                .toList())
                        .<Void>mapEmpty()
                        // A server that does not answer does not close either.
                        .timeout(CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                        .otherwiseEmpty());
    }

    private <T> Future<T> onCallersContext(Supplier<Future<T>> work) {
        ContextInternal caller = ContextInternal.current();
        Promise<T> answer = caller == null ? Promise.promise() : caller.promise();
        Running here = new Running(answer, System.nanoTime());
        running.add(here);
        if (lastDone != null) {
            finished(here);
            return Future.failedFuture(new StoreUnavailableException("the store is closed", null));
        }
        TimeSpent spent = TimeSpent.current();
        long asked = System.nanoTime();
        if (spent != null) {
            answer.future().onComplete(any -> spent.add(TimeSpent.On.STORE, asked));
        }
        work.get().onComplete((value, failure) -> {
            finished(here);
            if (failure == null) {
                answer.tryComplete(value);
            } else {
                answer.tryFail(Failures.translated(failure));
            }
        });
        return answer.future();
    }

    private void finished(Running done) {
        running.remove(done);
        if (lastDone != null && running.isEmpty()) {
            lastDone.tryComplete();
        }
    }

    /** A network that swallows everything closes no connection: those who wait are told. */
    private void giveUpWhatTakesTooLong() {
        long longest = LONGEST_SILENCES * options.longestSilence().toNanos();
        pool.lookAfter(longest);
        long before = System.nanoTime() - longest;
        for (Running waiting : running) {
            if (waiting.since() - before < 0) {
                running.remove(waiting);
                waiting.answer().tryFail(new StoreUnavailableException("the database does not answer", null));
            }
        }
    }

    /** Not a record: two of them are never the same. */
    private static final class Running {
        private final Promise<?> answer;
        private final long since;

        Running(Promise<?> answer, long since) {
            this.answer = answer;
            this.since = since;
        }

        Promise<?> answer() {
            return answer;
        }

        long since() {
            return since;
        }
    }

    private <T> Future<T> again(String name, int attempt, Supplier<Future<T>> work) {
        return work.get()
                .recover(failure -> Failures.isConflict(failure) && attempt < ATTEMPTS
                        ? pause(attempt).compose(v -> again(name, attempt + 1, work))
                        : Future.failedFuture(failure));
    }

    /** Longer from one attempt to the next, and never the same for two that collided. */
    private Future<Long> pause(int attempt) {
        long most = (long) RETRY_MILLIS << attempt;
        return vertx.timer(ThreadLocalRandom.current().nextLong(1, most), TimeUnit.MILLISECONDS)
                .map(most);
    }

    private Pipeline leastBusyPipeline() {
        ContextInternal caller = ContextInternal.current();
        Pipeline best = null;
        for (Pipeline candidate : pipelines) {
            // On the caller's own event loop the answer need not change threads.
            if (candidate.isOn(caller)) {
                return candidate;
            }
            if (best == null || candidate.inFlight() < best.inFlight()) {
                best = candidate;
            }
        }
        return best;
    }

    private static double inFlight(List<Pipeline> pipelines) {
        return pipelines.stream().mapToInt(Pipeline::inFlight).sum();
    }

    private <T> Future<T> run(SqlConnection connection, Span span, Function<Transaction, Future<T>> work) {
        // The work's first statement goes out right behind BEGIN.
        Future<io.vertx.sqlclient.Transaction> begun = Here.future(connection.begin());
        Future<T> worked = attempt(work, new Transaction(connection, timers, span));
        return begun.compose(transaction -> worked.compose(
                value -> transaction.commit().map(value),
                failure -> transaction.rollback().transform(v -> Future.failedFuture(failure))));
    }

    private static <A, T> Future<T> attempt(Function<A, Future<T>> work, A argument) {
        try {
            return work.apply(argument);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
