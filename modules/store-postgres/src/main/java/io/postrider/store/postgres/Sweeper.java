package io.postrider.store.postgres;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes now and then what nobody needs any more, a batch to a transaction. All nodes do it; a lock in each transaction
 * keeps them from getting in each other's way.
 */
final class Sweeper {
    static final int LOCK = 0x73776570;
    /** Rows of one transaction. */
    static final int BATCH = 2_000;
    /** Deleted accounts that are removed before others are asked for. */
    private static final int ACCOUNTS = 500;
    /** A node that was not seen for so long has its sessions forgotten; they have not counted for long. */
    private static final double DEAD_NODE_SECONDS = 600;

    /** A network that an account has not come from for so long is no home of it any more. */
    static final Duration NETWORK_AGE = Duration.ofDays(90);

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    private final Database database;
    private final SweepOptions options;
    private final ContextInternal context;
    private long timer = -1;
    private volatile boolean stopped;

    Sweeper(Database database, SweepOptions options) {
        this.database = database;
        this.options = options;
        this.context = ((VertxInternal) database.vertx()).createEventLoopContext();
    }

    void start() {
        context.runOnContext(v -> sweepLater());
    }

    /** What runs comes to its end with its transaction. */
    void stop() {
        context.runOnContext(v -> {
            stopped = true;
            database.vertx().cancelTimer(timer);
        });
    }

    private void sweepLater() {
        if (!stopped) {
            // Nodes that were started together need not sweep together.
            long delay = (long)
                    (options.every().toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
            timer = context.setTimer(Math.max(1, delay), t -> sweep().onComplete((v, failure) -> {
                (failure == null ? database.metrics().sweeps : database.metrics().sweepsFailed).increment();
                if (failure != null && !stopped) {
                    LOG.warn("the sweep ended early: {}", failure.getMessage());
                }
                context.runOnContext(then -> sweepLater());
            }));
        }
    }

    /** All that is due now, or nothing while another node is at it. */
    Future<Void> sweep() {
        return sweepContents(0)
                .compose(v ->
                        whileFull(() -> step(SweeperQueries.INCOMING, Tuple.of(seconds(options.incomingAge()), BATCH))))
                .compose(v ->
                        whileFull(() -> step(SweeperQueries.EXPUNGED, Tuple.of(seconds(options.expungedAge()), BATCH))))
                .compose(v -> whileFull(() -> step(SweeperQueries.LOGIN_FAILURES, Tuple.of(BATCH))))
                .compose(v ->
                        whileFull(() -> step(SweeperQueries.KNOWN_NETWORKS, Tuple.of(seconds(NETWORK_AGE), BATCH))))
                .compose(v -> alone(SessionQueries.SWEEP, Tuple.of(DEAD_NODE_SECONDS)))
                .compose(v -> sweepDeleted());
    }

    /** Accounts and tenants that were deleted a grace period ago. */
    private Future<Void> sweepDeleted() {
        return alone(RemovalQueries.BEGIN, Tuple.of(seconds(options.deletedGrace()), BATCH))
                .compose(v -> database.execute(RemovalQueries.ACCOUNTS, Tuple.of(ACCOUNTS)))
                .map(Rows.each(row -> row.getLong("account_id")))
                .compose(accounts -> {
                    Future<Void> removed = Future.succeededFuture();
                    for (Long account : accounts) {
                        removed = removed.compose(v -> stopped ? Future.succeededFuture() : remove(account));
                    }
                    return accounts.size() < ACCOUNTS || stopped ? removed : removed.compose(v -> sweepDeleted());
                })
                .compose(v -> alone(RemovalQueries.TENANTS, Tuple.tuple()));
    }

    private Future<Void> remove(long account) {
        Future<Void> removed = Future.succeededFuture();
        for (Statement step : RemovalQueries.STEPS) {
            removed = removed.compose(v -> whileFull(() -> step(step, Tuple.of(account, BATCH))));
        }
        // Another node may have been at it, or octets have come that were on their way: then it is for the next sweep.
        return removed.compose(v -> database.execute(RemovalQueries.IS_EMPTY, Tuple.of(account)))
                .compose(rows -> Rows.only(rows).getBoolean("is_empty")
                        ? alone(RemovalQueries.ACCOUNT, Tuple.of(account))
                        : Future.succeededFuture());
    }

    /** A statement that says nothing, while no other node sweeps. */
    private Future<Void> alone(Statement statement, Tuple arguments) {
        return database.transaction(
                Database.NO_ACCOUNT, statement.name(), tx -> tx.execute(SweeperQueries.TRY_LOCK, Tuple.of((long) LOCK))
                        .compose(rows -> Rows.only(rows).getBoolean("locked")
                                ? tx.execute(statement, arguments).mapEmpty()
                                : Future.succeededFuture()));
    }

    /** Account by account, a page of accounts at a time. */
    private Future<Void> sweepContents(long afterAccount) {
        double age = seconds(options.contentGrace());
        return database.executeApart(
                        Database.NO_ACCOUNT, SweeperQueries.ACCOUNTS_DUE, Tuple.of(age, afterAccount, BATCH))
                .map(Rows.each(row -> row.getLong("account_id")))
                .compose(accounts -> {
                    Future<Void> swept = Future.succeededFuture();
                    for (Long account : accounts) {
                        swept = swept.compose(
                                v -> whileFull(() -> step(SweeperQueries.CONTENTS, Tuple.of(account, age, BATCH))));
                    }
                    return accounts.size() < BATCH
                            ? swept
                            : swept.compose(v -> sweepContents(accounts.get(accounts.size() - 1)));
                });
    }

    private Future<Long> step(Statement statement, Tuple arguments) {
        return database.transaction(Database.NO_ACCOUNT, statement.name(), tx -> tx.execute(
                                SweeperQueries.TRY_LOCK, Tuple.of((long) LOCK))
                        .compose(rows -> Rows.only(rows).getBoolean("locked")
                                ? tx.execute(statement, arguments)
                                        .map(done -> Rows.only(done).getLong("looked_at"))
                                : Future.succeededFuture(0L)))
                .onSuccess(rows -> database.metrics().swept(statement, rows));
    }

    /** Again and again, until a batch was not full: then nothing is left. */
    private Future<Void> whileFull(Supplier<Future<Long>> step) {
        return step.get().compose(rows -> rows < BATCH || stopped ? Future.succeededFuture() : whileFull(step));
    }

    private static double seconds(Duration age) {
        return age.toMillis() / 1000.0;
    }
}
