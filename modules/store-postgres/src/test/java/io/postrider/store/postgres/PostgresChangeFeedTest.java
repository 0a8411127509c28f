package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.store.Account;
import io.postrider.store.ChangeFeed;
import io.postrider.store.MailboxKey;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresChangeFeedTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final StoreFixture fixture = new StoreFixture();
    private final Account alice = fixture.account("alice");
    private final MailboxKey inbox = fixture.mailbox(alice, "INBOX");
    private final List<Node> nodes = new ArrayList<>();

    /** A node's feed, with its own way to the database. */
    private final class Node {
        final Database database = new Database(fixture.vertx, fixture.options, new SimpleMeterRegistry());
        final PostgresChangeFeed feed;

        Node(Duration sweepEvery) {
            this(sweepEvery, fixture.options);
        }

        /** With news coming another way than everything else. */
        Node(Duration sweepEvery, DatabaseOptions newsFrom) {
            feed = new PostgresChangeFeed(database, new Primary(newsFrom), sweepEvery);
            await(feed.start());
            nodes.add(this);
        }

        AtomicLong newest(MailboxKey mailbox) {
            AtomicLong newest = new AtomicLong();
            feed.watch(mailbox, newest::set);
            return newest;
        }
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> {
            await(node.feed.stop());
            await(node.database.close());
        });
        fixture.close();
    }

    private void killListeners() {
        fixture.database.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'postrider news'");
    }

    @Test
    void whatHappensHereIsToldHereOnTheWatchersContext() {
        Node node = new Node(NEVER);
        Context context = fixture.vertx.getOrCreateContext();
        List<Context> heardOn = new CopyOnWriteArrayList<>();
        AtomicLong newest = new AtomicLong();
        context.runOnContext(v -> node.feed.watch(inbox, modSeq -> {
            heardOn.add(Vertx.currentContext());
            newest.set(modSeq);
        }));
        AtomicLong other = node.newest(fixture.mailbox(alice, "Trash"));
        until("heard", () -> {
            node.feed.announce(inbox, 7);
            return newest.get() == 7;
        });
        heardOn.forEach(on -> assertSame(context, on));
        assertEquals(0, other.get());
    }

    @Test
    void whatHappensOnOneNodeIsHeardOnTheOther() {
        Node a = new Node(NEVER);
        Node b = new Node(NEVER);
        AtomicLong onA = a.newest(inbox);
        AtomicLong onB = b.newest(inbox);
        AtomicLong trash = b.newest(fixture.mailbox(alice, "Trash"));
        a.feed.announce(inbox, 42);
        until("heard on B", () -> onB.get() == 42);
        assertEquals(42, onA.get());
        b.feed.announce(inbox, 43);
        until("heard on A", () -> onA.get() == 43);
        assertEquals(0, trash.get());
    }

    @Test
    void aThousandChangesTravelInAFewNotifications() {
        Node a = new Node(NEVER);
        Node b = new Node(NEVER);
        Map<Long, AtomicLong> heard = new HashMap<>();
        AtomicInteger hints = new AtomicInteger();
        for (long id = 1; id <= 1000; id++) {
            AtomicLong newest = new AtomicLong();
            heard.put(id, newest);
            b.feed.watch(new MailboxKey(9_000_000_000L, id), modSeq -> {
                hints.incrementAndGet();
                newest.set(modSeq);
            });
        }
        for (long modSeq = 1; modSeq <= 20; modSeq++) {
            for (long id = 1; id <= 1000; id++) {
                a.feed.announce(new MailboxKey(9_000_000_000L, id), modSeq);
            }
        }
        until("all heard", () -> heard.values().stream().allMatch(newest -> newest.get() == 20));
        assertTrue(hints.get() < 20_000, hints + " hints");
    }

    @Test
    void payloadsStayWithinWhatNotifyTakesAndNonsenseIsPassedOver() {
        Map<MailboxKey, Long> news = new HashMap<>();
        for (long id = 0; id < 3000; id++) {
            news.put(new MailboxKey(Long.MAX_VALUE - id, Long.MAX_VALUE - id), Long.MAX_VALUE);
        }
        List<String> payloads = News.write("node", 1234, news);
        Map<MailboxKey, Long> read = new HashMap<>();
        for (String payload : payloads) {
            assertTrue(payload.getBytes(StandardCharsets.UTF_8).length <= News.MAX_PAYLOAD);
            assertEquals(1234, News.since(payload));
            News.read("other", payload, read::put);
        }
        assertEquals(news, read);
        News.read("node", payloads.get(0), (mailbox, modSeq) -> read.clear());
        assertEquals(3000, read.size());
        // As a node of the version before writes it.
        News.read("node", "node 1:2:3", (mailbox, modSeq) -> read.clear());
        assertEquals(3000, read.size());
        assertEquals(0, News.since("node 1:2:3"));
        assertEquals(0, News.since("node@x 1:2:3"));

        Map<MailboxKey, Long> sense = new HashMap<>();
        for (String nonsense : List.of(
                "", " ", "x", "x ", "x 1", "x 1:2", "x 1:2:3:4", "x a:b:c", "x ,,", "x 1:2:99999999999999999999")) {
            News.read("node", nonsense, sense::put);
        }
        assertTrue(sense.isEmpty());
        News.read("node", "x a:b:c,1:2:3,", sense::put);
        assertEquals(Map.of(new MailboxKey(1, 2), 3L), sense);
    }

    @Test
    void afterTheListenerWasKilledEveryoneLooksAgainAndHearsAgain() {
        Node a = new Node(NEVER);
        Node b = new Node(NEVER);
        AtomicLong onB = b.newest(inbox);
        killListeners();
        until("looks again", () -> onB.get() == Long.MAX_VALUE);
        until("hears again", () -> {
            a.feed.announce(inbox, 50);
            return onB.get() == 50;
        });
    }

    @Test
    void aListenerThatNoLongerAnswersIsReplaced() {
        URI place = URI.create(fixture.database.url());
        try (SwallowingProxy proxy = new SwallowingProxy(fixture.vertx, place.getHost(), place.getPort())) {
            DatabaseOptions through = new DatabaseOptions(
                    fixture.database.url().replace(":" + place.getPort() + "/", ":" + proxy.port() + "/"),
                    1,
                    1,
                    10,
                    10,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1));
            Node a = new Node(NEVER);
            AtomicInteger upAgain = new AtomicInteger();
            AtomicLong heard = new AtomicLong();
            NewsWire wire = new NewsWire(
                    ((VertxInternal) fixture.vertx).createEventLoopContext(),
                    new Primary(through),
                    metrics(),
                    new NewsWire.Receiver() {
                        @Override
                        public void changed(MailboxKey mailbox, long modSeq) {
                            heard.set(modSeq);
                        }

                        @Override
                        public void listening() {
                            upAgain.incrementAndGet();
                        }
                    });
            await(wire.start());
            proxy.swallow(true);
            a.feed.announce(inbox, 5);
            wire.checkPulse();
            Waiting.pause(1100);
            proxy.swallow(false);
            until("listens again", () -> upAgain.get() == 2);
            a.feed.announce(inbox, 6);
            until("hears again", () -> heard.get() == 6);
            await(wire.stop());
        }
    }

    @Test
    void soManyNewsWaitForALostConnectionAndNoMore() {
        NewsWire nowhere = new NewsWire(
                ((VertxInternal) fixture.vertx).createEventLoopContext(),
                new Primary(DatabaseOptions.of("postgresql://u:p@127.0.0.1:1/mail")),
                metrics(),
                new NewsWire.Receiver() {
                    @Override
                    public void changed(MailboxKey mailbox, long modSeq) {}

                    @Override
                    public void listening() {}
                });
        await(nowhere.start());
        for (long id = 0; id <= NewsWire.MAX_WAITING; id++) {
            nowhere.tell(new MailboxKey(1, id), 2);
        }
        assertEquals(NewsWire.MAX_WAITING, nowhere.waiting());
        await(nowhere.stop());
    }

    @Test
    void whileItsListenIsCutANodeHearsByTheSweepAndAfterwardsAtOnceAgain() {
        URI place = URI.create(fixture.database.url());
        try (SwallowingProxy proxy = new SwallowingProxy(fixture.vertx, place.getHost(), place.getPort())) {
            Node a = new Node(NEVER);
            Node b = new Node(
                    Duration.ofMillis(300),
                    DatabaseOptions.of(
                            fixture.database.url().replace(":" + place.getPort() + "/", ":" + proxy.port() + "/")));
            AtomicLong onB = b.newest(inbox);
            // The first sweep tells what is there.
            until("swept", () -> onB.get() == 1);
            proxy.swallow(true);
            for (int message = 1; message <= 5; message++) {
                fixture.fill(inbox, 1);
                long modSeq = 1 + message;
                long changed = System.nanoTime();
                a.feed.announce(inbox, modSeq);
                until("found by the sweep", () -> onB.get() >= modSeq);
                assertTrue(System.nanoTime() - changed < 2_000_000_000L);
            }
            proxy.swallow(false);
            // No sweep would find this: the mailbox says 6.
            until("heard at once again", () -> {
                a.feed.announce(inbox, 100);
                return onB.get() == 100;
            });
        }
    }

    @Test
    void newsThatWereNeverSentAreFoundByTheSweep() {
        Node b = new Node(Duration.ofMillis(200));
        AtomicLong onB = b.newest(inbox);
        until("the first sweep", () -> onB.get() == 1);
        fixture.fill(inbox, 1);
        until("found", () -> onB.get() == 2);
    }

    @Test
    void aDeletedMailboxIsToldOfHereAndThere() {
        PostgresStore there = fixture.anotherNode();
        await(fixture.store.mailboxes().create(alice.accountId(), "x", Optional.empty()));
        MailboxKey mailbox = fixture.mailbox(alice, "x");
        AtomicLong onA = new AtomicLong();
        AtomicLong onB = new AtomicLong();
        fixture.store.changes().watch(mailbox, onA::set);
        there.changes().watch(mailbox, onB::set);
        await(fixture.store.mailboxes().delete(alice.accountId(), "x"));
        until("told here", () -> onA.get() == Long.MAX_VALUE);
        until("told there", () -> onB.get() == Long.MAX_VALUE);
    }

    @Test
    void renamingInboxIsHeardOnTheOtherNode() {
        PostgresStore there = fixture.anotherNode();
        fixture.fill(inbox, 3);
        AtomicLong heard = new AtomicLong();
        there.changes().watch(inbox, heard::set);
        await(fixture.store.mailboxes().rename(alice.accountId(), "INBOX", "old"));
        until("heard", () -> heard.get() == 3);
    }

    @Test
    void aClosedWatchHearsNothingMore() {
        Node node = new Node(NEVER);
        AtomicInteger hints = new AtomicInteger();
        ChangeFeed.Watch watch = node.feed.watch(inbox, modSeq -> hints.incrementAndGet());
        AtomicLong other = node.newest(inbox);
        watch.close();
        watch.close();
        node.feed.announce(inbox, 5);
        until("the other hears", () -> other.get() == 5);
        assertEquals(0, hints.get());
    }

    @Test
    void twentyThousandWatchesCostLittle() {
        Node node = new Node(Duration.ofMillis(300));
        fixture.database.execute(
                "insert into mailbox (account_id, mailbox_id, name, uid_validity) select 77, 1000000 + n, 'm' ||"
                        + " n, n from generate_series(1, 20000) as n");
        AtomicInteger hints = new AtomicInteger();
        List<ChangeFeed.Watch> watches = new ArrayList<>();
        long started = System.nanoTime();
        for (long id = 1; id <= 20_000; id++) {
            watches.add(node.feed.watch(new MailboxKey(77, 1_000_000 + id), modSeq -> hints.incrementAndGet()));
        }
        assertTrue(System.nanoTime() - started < 5_000_000_000L);
        until("the sweep asked for all", () -> hints.get() >= 20_000);
        fixture.database.execute(
                "update mailbox set highest_modseq = 9 where account_id = 77 and mailbox_id = 1000777");
        until("the sweep finds the one", () -> hints.get() == 20_001);
        watches.forEach(ChangeFeed.Watch::close);
    }

    private static StoreMetrics metrics() {
        return new StoreMetrics(new SimpleMeterRegistry());
    }
}
