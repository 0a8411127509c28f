package io.postrider.server.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.server.Failures;
import io.postrider.server.Logging;
import io.postrider.server.Problem;
import io.postrider.store.Store;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.Migrator;
import io.postrider.store.postgres.PostgresStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The store for a command that runs and ends. Its methods wait: they are for the main thread only. */
final class OpenStore implements AutoCloseable {
    /** More than any single step of a command takes, migrations of a big database apart. */
    private static final long STEP_SECONDS = 120;
    /** Connections that a command takes of those a server may need. */
    private static final int CONNECTIONS = 4;

    private final Vertx vertx;
    private final DatabaseOptions options;
    private final Store store;

    private OpenStore(Vertx vertx, DatabaseOptions options, Store store) {
        this.vertx = vertx;
        this.options = options;
        this.store = store;
    }

    static OpenStore open(DatabaseArguments arguments) {
        Logging.quiet();
        return open(arguments.options());
    }

    static OpenStore open(DatabaseOptions given) {
        DatabaseOptions options = given.withPoolSize(CONNECTIONS);
        Vertx vertx = smallVertx();
        try {
            Store store = wait(PostgresStore.open(vertx, options, new SimpleMeterRegistry())
                    .recover(failure -> Future.failedFuture(Failures.ofDatabase(options, failure))));
            return new OpenStore(vertx, options, store);
        } catch (RuntimeException e) {
            wait(vertx.close());
            throw e;
        }
    }

    /** Brings the schema up to date; gives how many migrations that took. */
    static int migrate(DatabaseOptions options) {
        Vertx vertx = smallVertx();
        try {
            return wait(
                    Migrator.migrate(vertx, options)
                            .recover(failure -> Future.failedFuture(Failures.ofDatabase(options, failure))),
                    Long.MAX_VALUE);
        } finally {
            wait(vertx.close());
        }
    }

    Store store() {
        return store;
    }

    Vertx vertx() {
        return vertx;
    }

    /** Waits for a step of the database; a refusal comes as it is. */
    <T> T ask(Future<T> step) {
        return ask(step, STEP_SECONDS);
    }

    <T> T ask(Future<T> step, long seconds) {
        return wait(
                step.recover(failure -> Future.failedFuture(
                        failure instanceof io.postrider.store.StoreUnavailableException
                                ? Failures.ofDatabase(options, failure)
                                : failure)),
                seconds);
    }

    @Override
    public void close() {
        wait(store.close());
        // Not chained: what is chained completes on a context of this Vert.x, which then is gone.
        wait(vertx.close());
    }

    static <T> T wait(Future<T> step) {
        return wait(step, STEP_SECONDS);
    }

    static <T> T wait(Future<T> step, long seconds) {
        try {
            return step.await(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Problem("no answer within " + seconds + " seconds");
        }
    }

    private static Vertx smallVertx() {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    }
}
