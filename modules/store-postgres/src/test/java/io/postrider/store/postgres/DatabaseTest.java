package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.store.Refusal;
import io.postrider.store.StoreUnavailableException;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    private static final Statement BACKEND = Statement.named("backend", "select pg_backend_pid() as pid");
    private static final Statement SLEEP = Statement.named("sleep", "select 1 from pg_sleep($1)");
    private static final Statement SETTING = Statement.named("setting", "select current_setting($1) as value");
    private static final Statement LOCK = Statement.named("lock", "select n from counter where id = $1 for update");
    private static final Statement COUNT = Statement.named("count", "update counter set n = n + 1 where id = $1");
    private static final Statement READ = Statement.named("read", "select n from counter where id = $1");

    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase test = TestDatabase.create();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Database database = new Database(vertx, DatabaseOptions.of(test.url()), meters);

    @BeforeEach
    void counters() {
        test.execute("create table counter (id integer primary key, n integer not null)");
        test.execute("insert into counter values (1, 0), (2, 0)");
    }

    @AfterEach
    void close() {
        await(database.close());
        await(vertx.close());
        test.close();
    }

    @Test
    void everyConnectionHasOurSettings() {
        for (List<String> setting : List.of(
                List.of("max_parallel_workers_per_gather", "0"),
                List.of("jit", "off"),
                List.of("synchronous_commit", "on"),
                List.of("statement_timeout", "1min"),
                List.of("idle_in_transaction_session_timeout", "30s"))) {
            assertEquals(setting.get(1), setting(database.execute(SETTING, Tuple.of(setting.get(0)))));
            assertEquals(setting.get(1), setting(database.executeApart(1, SETTING, Tuple.of(setting.get(0)))));
        }
    }

    private static String setting(Future<io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>> asked) {
        return await(asked).iterator().next().getString("value");
    }

    @Test
    void answersComeOnTheCallersContext() {
        for (int i = 0; i < 20; i++) {
            Promise<Void> checked = Promise.promise();
            vertx.deployVerticle(new VerticleBase() {
                        @Override
                        public Future<?> start() {
                            Context here = vertx.getOrCreateContext();
                            return database.execute(BACKEND, Tuple.tuple())
                                    .onComplete(a -> assertSame(here, Vertx.currentContext()))
                                    .compose(v -> database.executeApart(1, BACKEND, Tuple.tuple()))
                                    .onComplete(a -> assertSame(here, Vertx.currentContext()))
                                    .compose(v -> database.transaction(1, "t", tx -> tx.execute(BACKEND, Tuple.tuple())
                                            .onComplete(a -> assertSame(here, Vertx.currentContext()))))
                                    .onComplete(a -> assertSame(here, Vertx.currentContext()))
                                    .compose(v -> database.transaction(1, "t", tx -> Future.failedFuture("no")))
                                    .onComplete(a -> assertSame(here, Vertx.currentContext()))
                                    .otherwiseEmpty();
                        }
                    })
                    .<Void>mapEmpty()
                    .onComplete(checked);
            await(checked.future());
        }
    }

    @Test
    void manyStatementsShareAFewConnections() {
        List<Future<Integer>> pids = IntStream.range(0, 500)
                .mapToObj(i -> database.execute(BACKEND, Tuple.tuple()).map(DatabaseTest::pid))
                .toList();
        await(Future.all(pids));
        long connections = pids.stream().map(Future::result).distinct().count();
        assertTrue(connections <= database.options().pipelines(), connections + " connections");
    }

    /**
     * A listener that stopped took the connections with it that had been made for its first statements: what others had on the
     * way in them failed with "Connection is not active now, current status: CLOSING".
     */
    @Test
    void connectionsOutliveTheVerticleTheyWereMadeFor() {
        List<Integer> before = pidsSeenByVerticles();
        assertEquals(before, pidsSeenByVerticles());
    }

    /** Of the pipelines of all event loops, and behind them of a pooled connection, asked by verticles that are gone then. */
    private List<Integer> pidsSeenByVerticles() {
        Set<Integer> pids = new ConcurrentSkipListSet<>();
        int loops = new VertxOptions().getEventLoopPoolSize();
        askInVerticles(loops, () -> database.execute(BACKEND, Tuple.tuple()).onSuccess(rows -> pids.add(pid(rows))));
        List<Integer> all = new ArrayList<>(pids);
        askInVerticles(1, () -> database.executeApart(1, BACKEND, Tuple.tuple()).onSuccess(rows -> all.add(pid(rows))));
        return all;
    }

    private void askInVerticles(int instances, Supplier<Future<?>> ask) {
        String deployed = await(vertx.deployVerticle(
                () -> new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        return ask.get();
                    }
                },
                new DeploymentOptions().setInstances(instances)));
        await(vertx.undeploy(deployed));
    }

    @Test
    void aConnectionThatTheServerEndsIsMadeAgain() {
        int before = pid(await(database.execute(BACKEND, Tuple.tuple())));
        Future<?> running = database.execute(SLEEP, Tuple.of(10.0));
        Waiting.until(
                "the statement runs",
                () -> test.queryOne(
                                "select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep%' and pid <> pg_backend_pid()")
                        != null);
        test.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'postrider%'");
        awaitFailure(StoreUnavailableException.class, running);
        Waiting.until("asked again", () -> {
            Future<Integer> pid = database.execute(BACKEND, Tuple.tuple()).map(DatabaseTest::pid);
            Waiting.until("answered", pid::isComplete);
            return pid.succeeded() && pid.result() != before;
        });
        Waiting.until("the pool asked again", () -> {
            Future<?> pid = database.executeApart(1, BACKEND, Tuple.tuple());
            Waiting.until("answered", pid::isComplete);
            return pid.succeeded();
        });
    }

    @Test
    void aConnectionWhoseServerIsNoLongerThePrimaryIsDropped() {
        Statement demote = Statement.named("demote", "select set_config('default_transaction_read_only', 'on', false)");
        Database one = new Database(vertx, withOneConnectionEach(DatabaseOptions.of(test.url())), meters);
        int pipelined = pid(await(one.execute(BACKEND, Tuple.tuple())));
        int pooled = pid(await(one.executeApart(1, BACKEND, Tuple.tuple())));
        await(one.execute(demote, Tuple.tuple()));
        await(one.executeApart(1, demote, Tuple.tuple()));
        awaitFailure(StoreUnavailableException.class, one.execute(COUNT, Tuple.of(1)));
        // The pool's own connection has not been refused a write yet; but it was made before.
        await(one.transaction(1, "t", tx -> tx.execute(COUNT, Tuple.of(1))));
        Waiting.until("both are gone", () -> "0"
                .equals(test.queryOne(
                        "select count(*) from pg_stat_activity where pid in (" + pipelined + ", " + pooled + ")")));
        await(one.execute(COUNT, Tuple.of(1)));
        await(one.transaction(1, "t", tx -> tx.execute(COUNT, Tuple.of(1))));
        assertEquals(3, read(1));
        await(one.close());
    }

    private static DatabaseOptions withOneConnectionEach(DatabaseOptions options) {
        return new DatabaseOptions(
                options.url(),
                1,
                1,
                options.poolQueue(),
                options.pipelineQueue(),
                options.connectTimeout(),
                options.statementTimeout(),
                options.idleInTransactionTimeout(),
                options.idleTimeout(),
                options.lifetime());
    }

    @Test
    void aNetworkThatSwallowsEverythingKeepsNobodyWaitingForEver() throws Exception {
        java.net.URI place = java.net.URI.create(test.url());
        try (SwallowingProxy proxy = new SwallowingProxy(vertx, place.getHost(), place.getPort())) {
            DatabaseOptions impatient = new DatabaseOptions(
                    test.url().replace(":" + place.getPort() + "/", ":" + proxy.port() + "/"),
                    1,
                    1,
                    10,
                    10,
                    Duration.ofMillis(400),
                    Duration.ofMillis(400),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1));
            Database remote = new Database(vertx, impatient, meters);
            await(remote.execute(COUNT, Tuple.of(1)));
            await(remote.executeApart(1, COUNT, Tuple.of(1)));
            proxy.swallow(true);
            Future<?> pipelined = remote.execute(COUNT, Tuple.of(1));
            Future<?> apart = remote.executeApart(1, COUNT, Tuple.of(1));
            awaitFailure(StoreUnavailableException.class, pipelined);
            awaitFailure(StoreUnavailableException.class, apart);
            proxy.swallow(false);
            Waiting.until("the pipeline works again", () -> {
                Future<?> again = remote.execute(COUNT, Tuple.of(1));
                Waiting.until("answered", again::isComplete);
                return again.succeeded();
            });
            assertEquals(3, read(1));
            await(remote.close());
        }
    }

    @Test
    void aTransactionCommitsWholeOrNotAtAll() {
        await(database.transaction(
                1, "both", tx -> Future.all(tx.execute(COUNT, Tuple.of(1)), tx.execute(COUNT, Tuple.of(2)))));
        assertEquals(1, read(1));
        Refusal refusal =
                awaitFailure(Refusal.class, database.transaction(1, "refused", tx -> tx.execute(COUNT, Tuple.of(1))
                        .compose(v -> Future.failedFuture(new Refusal(Refusal.Kind.OVER_QUOTA, "full")))));
        assertEquals(Refusal.Kind.OVER_QUOTA, refusal.kind());
        awaitFailure(IllegalStateException.class, database.transaction(1, "thrown", tx -> {
            tx.execute(COUNT, Tuple.of(1));
            throw new IllegalStateException("thrown");
        }));
        assertEquals(1, read(1));
        assertEquals(1, read(2));
    }

    @Test
    void aTransactionThatSwallowsAFailedStatementDoesNotLookCommitted() {
        Statement wrong = Statement.named("wrong", "select 1 / $1::integer");
        Future<?> done = database.transaction(1, "swallowed", tx -> tx.execute(COUNT, Tuple.of(1))
                .compose(v -> tx.execute(wrong, Tuple.of(0)))
                .otherwiseEmpty());
        awaitFailure(RuntimeException.class, done);
        assertEquals(0, read(1));
    }

    @Test
    void transactionsThatDeadlockAreTriedAgain() {
        List<Future<?>> all = IntStream.range(0, 4)
                .<Future<?>>mapToObj(
                        i -> database.transaction(1, "crossing", tx -> tx.execute(LOCK, Tuple.of(1 + i % 2))
                                .compose(v -> tx.execute(COUNT, Tuple.of(2 - i % 2)))))
                .toList();
        await(Future.all(all));
        assertEquals(4, read(1) + read(2));
    }

    @Test
    void aTransactionIsTriedSoOftenAndNoMore() {
        AtomicInteger attempts = new AtomicInteger();
        Statement conflict = Statement.named("conflict", "select raise_conflict()");
        test.execute("create function raise_conflict() returns integer language plpgsql as"
                + " 'begin raise exception ''once more'' using errcode = ''40001''; end'");
        awaitFailure(StoreUnavailableException.class, database.transaction(1, "hopeless", tx -> {
            attempts.incrementAndGet();
            return tx.execute(conflict, Tuple.tuple());
        }));
        assertEquals(Database.ATTEMPTS, attempts.get());
        assertEquals(
                Database.ATTEMPTS,
                meters.get("postrider.statements")
                        .tags("name", "conflict", "outcome", "conflict")
                        .timer()
                        .count());
    }

    @Test
    void whoWaitsTooLongForTheDatabaseIsToldSo() {
        DatabaseOptions small = new DatabaseOptions(
                test.url(),
                1,
                1,
                1,
                2,
                Duration.ofMillis(500),
                Duration.ofMillis(700),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1));
        Database narrow = new Database(vertx, small, meters);
        try {
            Future<?> holder = narrow.executeApart(1, SLEEP, Tuple.of(0.6));
            Future<?> waiter = narrow.executeApart(1, SLEEP, Tuple.of(0.0));
            Future<?> oneTooMany = narrow.executeApart(1, SLEEP, Tuple.of(0.0));
            awaitFailure(StoreUnavailableException.class, oneTooMany);
            awaitFailure(StoreUnavailableException.class, waiter);
            await(holder);
            awaitFailure(StoreUnavailableException.class, narrow.executeApart(1, SLEEP, Tuple.of(5.0)));

            List<Future<?>> three = IntStream.range(0, 3)
                    .<Future<?>>mapToObj(i -> narrow.execute(SLEEP, Tuple.of(0.1)))
                    .toList();
            awaitFailure(StoreUnavailableException.class, three.get(2));
            await(three.get(0));
            await(three.get(1));
        } finally {
            await(narrow.close());
        }
    }

    @Test
    void aServerThatIsNotThereIsToldInOneLine() {
        Database nowhere = new Database(vertx, DatabaseOptions.of("postgresql://u:secret@127.0.0.1:1/mail"), meters);
        StoreUnavailableException failure =
                awaitFailure(StoreUnavailableException.class, nowhere.execute(BACKEND, Tuple.tuple()));
        assertTrue(failure.getMessage().contains("127.0.0.1:1/mail"), failure.getMessage());
        assertEquals(-1, failure.getMessage().indexOf("secret"));
        awaitFailure(
                StoreUnavailableException.class, nowhere.transaction(1, "t", tx -> tx.execute(BACKEND, Tuple.tuple())));
        await(nowhere.close());
    }

    @Test
    void connectionsAreReplacedWhenTheyAreOld() {
        DatabaseOptions shortLived = new DatabaseOptions(
                test.url(),
                1,
                1,
                1,
                100,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofMillis(100));
        Database aging = new Database(vertx, shortLived, meters);
        int first = pid(await(aging.execute(BACKEND, Tuple.tuple())));
        Waiting.pause(150);
        assertNotEquals(first, pid(await(aging.execute(BACKEND, Tuple.tuple()))));
        Waiting.until(
                "the old one is closed",
                () -> test.queryOne("select 1 from pg_stat_activity where pid = " + first) == null);
        await(aging.close());
    }

    @Test
    void closingWaitsForWhatRunsAndRefusesWhatComesThen() {
        Future<?> running = database.executeApart(1, SLEEP, Tuple.of(0.3));
        Future<?> pipelined = database.execute(SLEEP, Tuple.of(0.3));
        Future<Void> closed = database.close();
        awaitFailure(StoreUnavailableException.class, database.execute(BACKEND, Tuple.tuple()));
        await(closed);
        assertTrue(running.succeeded() && pipelined.succeeded());
        Waiting.until("no connection is left", () -> "0"
                .equals(test.queryOne(
                        "select count(*) from pg_stat_activity where application_name like 'postrider%'")));
        database = new Database(vertx, DatabaseOptions.of(test.url()), meters);
    }

    @Test
    void eachStatementIsTimedUnderItsName() {
        await(database.execute(BACKEND, Tuple.tuple()));
        assertNotNull(meters.get("postrider.statements")
                .tags("name", "backend", "outcome", "ok")
                .timer());
        assertEquals(
                1,
                meters.get("postrider.statements")
                        .tags("name", "backend", "outcome", "ok")
                        .timer()
                        .count());
    }

    private int read(int id) {
        return await(database.execute(READ, Tuple.of(id))).iterator().next().getInteger("n");
    }

    private static int pid(io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row> rows) {
        return rows.iterator().next().getInteger("pid");
    }
}
