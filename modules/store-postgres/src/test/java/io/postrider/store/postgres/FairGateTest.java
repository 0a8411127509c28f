package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static io.postrider.store.postgres.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.store.Account;
import io.postrider.store.StoreUnavailableException;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairGateTest {
    private static final Statement SLEEP = Statement.named("sleep", "select 1 from pg_sleep($1)");
    private static final int FOREVER = 60_000;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void accountsTakeTurnsHoweverManyOfOneWait() {
        FairGate gate = new FairGate(vertx, account -> 1, 2, 100, FOREVER);
        await(gate.enter(8));
        await(gate.enter(9));
        List<Long> order = new ArrayList<>();
        for (long account : new long[] {1, 1, 1, 1, 2, 3, 3}) {
            gate.enter(account).onSuccess(v -> order.add(account));
        }
        assertEquals(7, gate.waiting());
        gate.leave(8);
        for (int i = 0; i < 6; i++) {
            gate.leave(order.get(i));
        }
        assertEquals(List.of(1L, 2L, 3L, 1L, 3L, 1L, 1L), order);
        assertEquals(0, gate.waiting());
    }

    @Test
    void tenantsTakeTurnsHoweverManyAccountsOfOneWait() {
        FairGate gate = new FairGate(vertx, account -> account / 100, 2, 5_000, FOREVER);
        await(gate.enter(8));
        await(gate.enter(9));
        List<Long> order = new ArrayList<>();
        LongStream.range(100, 200).forEach(account -> IntStream.range(0, 10)
                .forEach(i -> gate.enter(account).onSuccess(v -> order.add(account))));
        for (long account : new long[] {201, 202, 201, 301}) {
            gate.enter(account).onSuccess(v -> order.add(account));
        }
        gate.leave(8);
        for (int i = 0; i < 9; i++) {
            gate.leave(order.get(i));
        }
        assertEquals(List.of(100L, 201L, 301L, 101L, 202L, 102L, 201L, 103L, 104L, 105L), order);
    }

    @Test
    void aFullHouseTakesATenantThatHasFewWaitingAndSendsAwayOneOfWhoHasMost() {
        FairGate gate = new FairGate(vertx, account -> account / 100, 1, 4, FOREVER);
        await(gate.enter(9));
        Future<Void> first = gate.enter(101);
        List<Future<Void>> waiting = List.of(gate.enter(102), gate.enter(102), gate.enter(103));
        assertTrue(awaitFailure(StoreUnavailableException.class, gate.enter(104))
                .getMessage()
                .contains("too many wait"));
        Future<Void> other = gate.enter(201);
        assertFalse(other.failed());
        assertEquals(1, waiting.stream().filter(Future::failed).count());
        assertEquals(4, gate.waiting());
        gate.leave(9);
        assertTrue(first.succeeded());
        gate.leave(101);
        assertTrue(other.succeeded());
    }

    @Test
    void anAccountHasItsShareInsideAndNoMore() {
        FairGate gate = new FairGate(vertx, account -> 1, 8, 100, FOREVER);
        for (int i = 0; i < 8 / FairGate.SHARE; i++) {
            assertTrue(gate.enter(1).succeeded());
        }
        Future<Void> oneTooMany = gate.enter(1);
        assertFalse(oneTooMany.isComplete());
        // The others' places are theirs, though somebody waits in front of them.
        Future<Void> other = gate.enter(2);
        assertTrue(other.succeeded());
        gate.leave(2);
        assertFalse(oneTooMany.isComplete());
        gate.leave(1);
        assertTrue(oneTooMany.succeeded());
    }

    @Test
    void anAccountsQueueIsFullAtItsBoundAndTheOthersIsNot() {
        FairGate gate = new FairGate(vertx, account -> 1, 1, 2 * FairQueues.LONGEST_OF_ACCOUNT, FOREVER);
        await(gate.enter(9));
        for (int i = 0; i < FairQueues.LONGEST_OF_ACCOUNT; i++) {
            assertFalse(gate.enter(1).failed());
        }
        StoreUnavailableException refused = awaitFailure(StoreUnavailableException.class, gate.enter(1));
        assertTrue(refused.getMessage().startsWith("too busy"), refused.getMessage());
        assertFalse(gate.enter(2).failed());
    }

    @Test
    void allQueuesTogetherHaveABoundAndWaitingHasOne() {
        FairGate gate = new FairGate(vertx, account -> 1, 1, 3, 200);
        await(gate.enter(9));
        List<Future<Void>> waiting = List.of(gate.enter(1), gate.enter(2), gate.enter(3));
        assertTrue(awaitFailure(StoreUnavailableException.class, gate.enter(4))
                .getMessage()
                .contains("too many wait"));
        waiting.forEach(one -> assertTrue(
                awaitFailure(StoreUnavailableException.class, one).getMessage().contains("within 200 ms")));
        assertEquals(0, gate.waiting());
        // Nobody who gave up has the place that comes free now.
        gate.leave(9);
        await(gate.enter(1));
    }

    @Test
    void manyThreadsLoseNoPlaceAndForgetNobody() throws InterruptedException {
        int places = 3;
        int threads = 4;
        FairGate gate = new FairGate(vertx, account -> 1, places, 10_000, FOREVER);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(threads);
        for (int thread = 0; thread < threads; thread++) {
            long account = thread % 2;
            new Thread(() -> {
                        for (int i = 0; i < 20_000; i++) {
                            gate.enter(account).onSuccess(v -> {
                                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                inside.decrementAndGet();
                                done.incrementAndGet();
                                vertx.runOnContext(later -> gate.leave(account));
                            });
                            while (gate.waiting() > 500) {
                                Waiting.pause(1);
                            }
                        }
                        ended.countDown();
                    })
                    .start();
        }
        assertTrue(ended.await(60, TimeUnit.SECONDS));
        until("all were inside", () -> done.get() == threads * 20_000);
        assertTrue(most.get() <= places, most + " at once");
        assertEquals(0, gate.waiting());
    }

    /** Three accounts with 64 transactions each waiting at all times: first come, first served would take 2.4 s. */
    @Test
    void anAccountThatFloodsDoesNotStarveAnother() {
        try (TestDatabase test = TestDatabase.create()) {
            Database database =
                    new Database(vertx, DatabaseOptions.of(test.url()).withPoolSize(8), new SimpleMeterRegistry());
            AtomicBoolean over = new AtomicBoolean();
            List<Future<Void>> floods = new ArrayList<>();
            for (long account = 1; account <= 3; account++) {
                for (int i = 0; i < 64; i++) {
                    floods.add(flood(database, account, over));
                }
            }
            Waiting.pause(300);
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long started = System.nanoTime();
                await(database.transaction(4, "quiet", tx -> tx.execute(SLEEP, Tuple.of(0.0))));
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
            }
            over.set(true);
            await(Future.join(floods));
            assertTrue(floods.stream().allMatch(Future::succeeded));
            await(database.close());
            millis.sort(null);
            assertTrue(millis.get(10) < 200 && millis.get(19) < 800, millis + " ms");
        }
    }

    /** Were it accounts that take turns, each errand would wait for one of all 64 others. */
    @Test
    void aTenantOfManyAccountsDoesNotStarveAnother() {
        try (TestDatabase test = TestDatabase.create()) {
            Database database =
                    new Database(vertx, DatabaseOptions.of(test.url()).withPoolSize(8), new SimpleMeterRegistry());
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger served = new AtomicInteger();
            List<Future<Void>> floods = new ArrayList<>();
            for (long account = 1; account <= 64; account++) {
                database.tenants().seen(new Account(account, 1, "many", account + "@example.com", true, 0, 0));
                for (int i = 0; i < 4; i++) {
                    floods.add(flood(database, account, over, served));
                }
            }
            database.tenants().seen(new Account(100, 2, "one", "one@example.org", true, 0, 0));
            until("the flood runs", () -> served.get() > 16);
            List<Integer> before = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int until = served.get();
                await(database.transaction(100, "quiet", tx -> tx.execute(SLEEP, Tuple.of(0.0))));
                before.add(served.get() - until);
            }
            over.set(true);
            await(Future.join(floods));
            await(database.close());
            before.sort(null);
            assertTrue(before.get(10) < 32, "errands of the other before its own: " + before);
        }
    }

    private static Future<Void> flood(Database database, long account, AtomicBoolean over) {
        return flood(database, account, over, new AtomicInteger());
    }

    private static Future<Void> flood(Database database, long account, AtomicBoolean over, AtomicInteger served) {
        return database.transaction(account, "flood", tx -> tx.execute(SLEEP, Tuple.of(0.1)))
                .onSuccess(v -> served.incrementAndGet())
                .compose(v -> over.get() ? Future.succeededFuture() : flood(database, account, over, served));
    }
}
