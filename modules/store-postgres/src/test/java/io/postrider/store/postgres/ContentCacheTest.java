package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.FlagChange.Mode;
import io.postrider.store.Flags;
import io.postrider.store.MailboxKey;
import io.postrider.store.Message;
import io.postrider.store.UidSet;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node remembers of messages' content, and when it does not go by that. */
class ContentCacheTest {
    private static final Set<Field> OCTETS = Set.of(Field.FIRST_OCTETS);
    private static final MailboxKey MAILBOX = new MailboxKey(1, 2);

    private final StoreFixture fixture = new StoreFixture();
    private final Mail alice = new Mail(fixture.store, fixture.account("alice"));

    @BeforeEach
    void fill() {
        for (int i = 1; i <= 5; i++) {
            alice.append("message " + i);
        }
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<FetchedMessage> fetch(UidSet uids, Set<Field> fields) {
        return await(alice.messages().fetch(alice.inbox, uids, fields, 100));
    }

    private static List<String> bodies(List<FetchedMessage> fetched) {
        return fetched.stream().map(message -> message.firstOctets().toString()).toList();
    }

    private static List<String> hello(int... numbers) {
        return java.util.Arrays.stream(numbers)
                .mapToObj(n -> "Hello message " + n + "\r\n")
                .toList();
    }

    /** So that it shows what is read from there. */
    private void spoilContents() {
        fixture.database.execute("update chunk set octets = 'read anew'");
    }

    @Test
    void whatWasReadIsNotReadAgainAndFlagsAreThoseOfNow() {
        assertEquals(hello(1, 2, 3, 4, 5), bodies(fetch(UidSet.ALL, OCTETS)));
        spoilContents();
        alice.store(UidSet.of(2), Mode.ADD, Flags.of(Flags.FLAGGED));
        await(alice.messages().remove(alice.inbox, UidSet.of(3)));
        List<FetchedMessage> again = fetch(UidSet.ALL, OCTETS);
        assertEquals(hello(1, 2, 4, 5), bodies(again));
        assertTrue(again.get(1).message().flags().has(Flags.FLAGGED));
        assertFalse(again.get(0).message().flags().has(Flags.FLAGGED));
    }

    @Test
    void whatIsMissingIsReadInItsPlace() {
        fetch(UidSet.of(1, 3, 5), OCTETS);
        spoilContents();
        assertEquals(
                List.of("Hello message 1\r\n", "read anew", "Hello message 3\r\n", "read anew", "Hello message 5\r\n"),
                bodies(fetch(UidSet.ALL, OCTETS)));
        assertEquals(List.of("read anew", "Hello message 3\r\n"), bodies(fetch(UidSet.range(2, 3), OCTETS)));
    }

    @Test
    void whatWasNotAskedForBeforeIsReadAndAddedToTheRest() {
        fetch(UidSet.of(1), Set.of(Field.ENVELOPE));
        assertEquals(hello(1), bodies(fetch(UidSet.of(1), OCTETS)));
        spoilContents();
        FetchedMessage both =
                fetch(UidSet.of(1), Set.of(Field.ENVELOPE, Field.FIRST_OCTETS)).get(0);
        assertTrue(both.envelope().toString().contains("message 1"));
        assertEquals("Hello message 1\r\n", both.firstOctets().toString());
    }

    @Test
    void aUidThatNamesAnotherMessageAfterAFailoverIsReadAnew() {
        fetch(UidSet.ALL, OCTETS);
        spoilContents();
        fixture.database.execute("update message set save_date = save_date + interval '1 microsecond' where uid = 2");
        fixture.database.execute(
                "update message set content_id = (select content_id from message where uid = 4) where uid = 3");
        assertEquals(
                List.of("Hello message 1\r\n", "read anew", "read anew", "Hello message 4\r\n", "Hello message 5\r\n"),
                bodies(fetch(UidSet.ALL, OCTETS)));
    }

    @Test
    void whatIsGoneIsNotAnsweredFor() {
        fetch(UidSet.ALL, OCTETS);
        await(alice.messages().remove(alice.inbox, UidSet.range(1, 4)));
        assertEquals(hello(5), bodies(fetch(UidSet.ALL, OCTETS)));
        await(alice.messages().remove(alice.inbox, UidSet.of(5)));
        assertEquals(List.of(), fetch(UidSet.ALL, OCTETS));
    }

    @Test
    void itHoldsNoMoreThanItsBound() {
        ContentCache cache = new ContentCache(100_000, new SimpleMeterRegistry());
        cache.keep(MAILBOX, List.of(message(1, 99_000)));
        assertEquals(99_600, cache.octets());
        for (int uid = 2; uid < 200; uid++) {
            cache.keep(MAILBOX, List.of(message(uid, 10_000)));
            assertTrue(cache.octets() <= 100_000, "octets " + cache.octets());
        }
        assertTrue(cache.octets() > 50_000);
        cache.keep(MAILBOX, List.of(message(300, 99_401)));
        assertNull(cache.find(MAILBOX, message(300, 99_401).message(), OCTETS));
        ContentCache none = new ContentCache(0, new SimpleMeterRegistry());
        none.keep(MAILBOX, List.of(message(1, 10)));
        assertEquals(0, none.octets());
    }

    private static FetchedMessage message(long uid, int octets) {
        Message row = new Message(uid, 1, Flags.NONE, Instant.EPOCH, Instant.EPOCH, octets, uid);
        Buffer body = Buffer.buffer(new byte[octets]);
        return new FetchedMessage(row, Buffer.buffer(), null, null, null, null, body, null, null);
    }
}
