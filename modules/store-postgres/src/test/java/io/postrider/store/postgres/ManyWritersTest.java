package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Account;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FlagChange;
import io.postrider.store.FlagChange.Mode;
import io.postrider.store.Flags;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.Messages.Changes;
import io.postrider.store.Messages.FlagState;
import io.postrider.store.NewContent;
import io.postrider.store.NewMessage;
import io.postrider.store.SearchKey;
import io.postrider.store.UidSet;
import io.postrider.store.administration.Administrator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Many write to few mailboxes from two nodes, at random and at once. Afterwards counters are what a recount says, no UID was
 * given twice, no two changes of a mailbox have one MODSEQ, and whoever followed by MODSEQ has seen all.
 */
class ManyWritersTest {
    private static final long MILLIS = 6_000;
    private static final int WRITERS = 12;
    private static final String[] KEYWORDS = {"work", "WORK", "later", "$Junk", "$junk"};

    private final StoreFixture fixture = new StoreFixture();
    private final PostgresStore[] nodes = {fixture.store, fixture.anotherNode()};
    private final Account account = fixture.account("alice");
    private final Mail alice = new Mail(fixture.store, account);
    private final MailboxKey[] mailboxes = {alice.inbox, alice.create("a"), alice.create("b")};
    private final NewContent content = alice.content(Mail.text("x"));

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong operations = new AtomicLong();
    /** UIDs given out, and MODSEQs of changes that were answered, by mailbox. */
    private final Map<MailboxKey, Set<Long>> uidsGiven = new ConcurrentHashMap<>();

    private final Map<MailboxKey, Set<Long>> modSeqsGiven = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void nothingDriftsAndNobodyMissesAChange() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<java.util.concurrent.Future<?>> running = new ArrayList<>();
        List<Follower> followers = new ArrayList<>();
        for (MailboxKey mailbox : mailboxes) {
            uidsGiven.put(mailbox, ConcurrentHashMap.newKeySet());
            modSeqsGiven.put(mailbox, ConcurrentHashMap.newKeySet());
            for (PostgresStore node : nodes) {
                Follower follower = new Follower(node.messages(), mailbox);
                followers.add(follower);
                running.add(threads.submit(follower::follow));
            }
        }
        for (int i = 0; i < WRITERS; i++) {
            Messages messages = nodes[i % nodes.length].messages();
            Random random = new Random(i);
            running.add(threads.submit(() -> write(messages, random)));
        }
        running.add(threads.submit(this::check));
        Thread.sleep(MILLIS);
        over.set(true);
        for (java.util.concurrent.Future<?> each : running) {
            each.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        for (MailboxKey mailbox : mailboxes) {
            assertCountersAreARecount(mailbox);
        }
        followers.forEach(Follower::assertHasSeenAll);
        assertTrue(operations.get() > 100, operations + " operations");
    }

    /** A recount of what is being changed must find no difference. */
    private void check() {
        for (int n = 0; !over.get() || n == 0; n++) {
            assertEquals(
                    List.of(),
                    await(nodes[n % nodes.length]
                            .administration()
                            .checks()
                            .account(Administrator.ofAll("test", "here"), account.address(), true)));
        }
    }

    private void write(Messages messages, Random random) {
        while (!over.get()) {
            MailboxKey mailbox = mailboxes[random.nextInt(mailboxes.length)];
            await(operation(messages, random, mailbox));
            operations.incrementAndGet();
        }
    }

    private Future<?> operation(Messages messages, Random random, MailboxKey mailbox) {
        MailboxKey other = mailboxes[random.nextInt(mailboxes.length)];
        UidSet some = some(random, mailbox);
        return switch (random.nextInt(9)) {
            case 0, 1 ->
                messages.append(mailbox, List.of(message(random), message(random)))
                        .onSuccess(done -> given(mailbox, done.uids(), done.modSeq()));
            case 2 ->
                messages.deliver(alice.account, "INBOX", content, Buffer.buffer("A: b\r\n"))
                        .onSuccess(done -> given(alice.inbox, done.uids(), done.modSeq()));
            case 3, 4, 5 ->
                messages.store(mailbox, some, change(random), OptionalLong.empty())
                        .onSuccess(done -> given(mailbox, UidSet.EMPTY, done.modSeq()));
            case 6 -> messages.copy(mailbox, some, other).onSuccess(done -> given(other, done.target(), 0));
            case 7 ->
                messages.move(mailbox, some, other).onSuccess(done -> {
                    given(other, done.target(), 0);
                    given(mailbox, UidSet.EMPTY, done.sourceModSeq());
                });
            default ->
                messages.expunge(mailbox, UidSet.ALL).onSuccess(done -> given(mailbox, UidSet.EMPTY, done.modSeq()));
        };
    }

    private UidSet some(Random random, MailboxKey mailbox) {
        long max = Math.max(1, uidsGiven.get(mailbox).size());
        long first = Math.max(1, max - random.nextInt(20));
        return random.nextBoolean()
                ? UidSet.range(first, first + random.nextInt(10))
                : UidSet.of(first, first + 3, Math.max(1, first - 17));
    }

    private NewMessage message(Random random) {
        return new NewMessage(content, flags(random), null);
    }

    private static Flags flags(Random random) {
        int bits = random.nextInt(32);
        // Fewer deleted, so that mailboxes fill.
        bits = random.nextInt(4) == 0 ? bits : bits & ~Flags.DELETED;
        return random.nextInt(3) == 0
                ? new Flags(bits, List.of(KEYWORDS[random.nextInt(KEYWORDS.length)]))
                : Flags.of(bits);
    }

    private static FlagChange change(Random random) {
        Mode[] modes = Mode.values();
        return new FlagChange(modes[random.nextInt(modes.length)], flags(random));
    }

    private void given(MailboxKey mailbox, UidSet uids, long modSeq) {
        uids.forEach(uid -> assertTrue(uidsGiven.get(mailbox).add(uid), "UID " + uid + " was given twice"));
        if (modSeq != 0) {
            assertTrue(modSeqsGiven.get(mailbox).add(modSeq), "MODSEQ " + modSeq + " was given twice");
        }
    }

    private void assertCountersAreARecount(MailboxKey key) {
        Mailbox mailbox = alice.get(key);
        List<FetchedMessage> all = alice.fetch(key, UidSet.ALL);
        assertEquals(all.size(), mailbox.messages());
        assertEquals(count(all, m -> !m.has(Flags.SEEN)), mailbox.unseen());
        assertEquals(count(all, m -> m.has(Flags.DELETED)), mailbox.deleted());
        assertEquals(all.stream().mapToLong(m -> m.message().size()).sum(), mailbox.octets());
        assertEquals(mailbox.uidNext() - 1, uidsGiven.get(key).size());
        assertEquals(mailbox.uidNext() - 1, Collections.max(uidsGiven.get(key)));
        assertTrue(mailbox.highestModSeq() >= Collections.max(modSeqsGiven.get(key)));
        for (FetchedMessage message : all) {
            assertTrue(mailbox.keywords().containsAll(message.message().flags().keywords()));
            assertTrue(message.message().modSeq() <= mailbox.highestModSeq());
        }
        assertEquals(
                all.stream().map(m -> m.message().uid()).toList(),
                await(nodes[1].messages().search(key, new SearchKey.All())).uids().stream()
                        .boxed()
                        .toList());
        assertEquals(
                uidsGiven.get(key).size() - all.size(),
                fixture.count("select count(*) from expunged where mailbox_id = " + key.mailboxId()));
    }

    private static long count(List<FetchedMessage> all, java.util.function.Predicate<Flags> which) {
        return all.stream().filter(m -> which.test(m.message().flags())).count();
    }

    /** Keeps a picture of a mailbox by asking what is new, and nothing else. */
    private final class Follower {
        private final Messages messages;
        private final MailboxKey mailbox;
        private final Map<Long, FlagState> picture = new TreeMap<>();
        private final Set<Long> gone = new HashSet<>();
        private final Map<Long, Long> lastModSeq = new HashMap<>();
        private long cursor;

        Follower(Messages messages, MailboxKey mailbox) {
            this.messages = messages;
            this.mailbox = mailbox;
            Messages.Opened opened = await(messages.open(mailbox, false));
            assertTrue(opened.uids().isEmpty());
            cursor = opened.mailbox().highestModSeq();
        }

        void follow() {
            boolean last = false;
            while (!last) {
                // Once more after the writers have stopped: then nothing can be newer.
                last = over.get() && writersHaveStopped();
                ask();
            }
        }

        private boolean writersHaveStopped() {
            Mailbox now = alice.get(mailbox);
            Waiting.pause(300);
            return alice.get(mailbox).equals(now);
        }

        private void ask() {
            Changes changes = await(messages.changesSince(mailbox, cursor, cursor % 2 == 0));
            assertTrue(changes.mailbox().highestModSeq() >= cursor);
            for (FlagState state : changes.changed()) {
                assertTrue(state.modSeq() > cursor
                        && state.modSeq() <= changes.mailbox().highestModSeq());
                assertTrue(!gone.contains(state.uid()), "UID " + state.uid() + " came back");
                Long before = lastModSeq.put(state.uid(), state.modSeq());
                assertTrue(before == null || before < state.modSeq());
                picture.put(state.uid(), state);
            }
            changes.expunged().forEach(uid -> {
                picture.remove(uid);
                gone.add(uid);
            });
            assertEquals(changes.mailbox().messages(), picture.size());
            assertEquals(
                    changes.mailbox().unseen(),
                    picture.values().stream()
                            .filter(s -> !s.flags().has(Flags.SEEN))
                            .count());
            cursor = changes.mailbox().highestModSeq();
        }

        void assertHasSeenAll() {
            List<FlagState> now = alice.fetch(mailbox, UidSet.ALL).stream()
                    .map(FetchedMessage::message)
                    .map(m -> new FlagState(m.uid(), m.modSeq(), m.flags()))
                    .toList();
            assertEquals(now, List.copyOf(picture.values()));
            assertEquals(alice.get(mailbox).highestModSeq(), cursor);
        }
    }
}
