package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.FlagChange.Mode;
import io.postrider.store.Flags;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.Messages.Changes;
import io.postrider.store.Messages.FlagState;
import io.postrider.store.Messages.Opened;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Opening a mailbox, asking what is new, and FETCH. */
class ReadingMessagesTest {
    private final StoreFixture fixture = new StoreFixture();
    private final Mail alice = new Mail(fixture.store, fixture.account("alice"));
    private final Messages messages = fixture.store.messages();
    private final MailboxKey inbox = alice.inbox;

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Refusal.Kind refused(Future<?> wish) {
        return awaitFailure(Refusal.class, wish).kind();
    }

    private Opened open() {
        return await(messages.open(inbox, false));
    }

    @Test
    void anEmptyMailboxOpens() {
        Opened opened = open();
        assertEquals(UidSet.EMPTY, opened.uids());
        assertEquals(0, opened.firstUnseen());
        assertEquals(alice.find("INBOX"), opened.mailbox());
    }

    @Test
    void openGivesAllUidsWithAndWithoutGaps() {
        alice.append(300);
        assertEquals(UidSet.range(1, 300), open().uids());
        await(messages.remove(inbox, UidSet.range(1, 63)));
        assertEquals(UidSet.range(64, 300), open().uids());
        await(messages.remove(inbox, UidSet.of(64, 100, 127, 128, 191, 192, 193, 300)));
        UidSet left = UidSet.range(65, 299).minus(UidSet.of(100, 127, 128, 191, 192, 193));
        assertEquals(left, open().uids());
        await(messages.remove(inbox, left.minus(UidSet.of(65, 255, 256))));
        assertEquals(UidSet.of(65, 255, 256), open().uids());
    }

    @Test
    void openTellsTheFirstUnseen() {
        alice.append(3);
        alice.store(UidSet.of(1), Mode.ADD, Flags.of(Flags.SEEN));
        assertEquals(2, open().firstUnseen());
        alice.store(UidSet.ALL, Mode.ADD, Flags.of(Flags.SEEN));
        assertEquals(0, open().firstUnseen());
    }

    @Test
    void scatteredUidsSurviveTheirPacking() {
        fixture.fill(inbox, 200_000);
        Random random = new Random(5);
        UidSet.Builder some = new UidSet.Builder();
        random.longs(20_000, 1, 200_001).forEach(some::add);
        UidSet gone = some.build();
        await(messages.remove(inbox, gone));
        assertEquals(UidSet.range(1, 200_000).minus(gone), open().uids());
    }

    @Test
    void onlyOneSessionIsToldOfAMessageAsRecent() {
        alice.append(2);
        assertEquals(1, open().mailbox().recentFrom());
        assertEquals(1, await(messages.open(inbox, true)).mailbox().recentFrom());
        assertEquals(3, await(messages.open(inbox, true)).mailbox().recentFrom());
        assertEquals(3, open().mailbox().recentFrom());
        alice.append("new");
        long since = alice.get(inbox).highestModSeq();
        assertEquals(
                3, await(messages.changesSince(inbox, since, false)).mailbox().recentFrom());
        assertEquals(
                3, await(messages.changesSince(inbox, since, true)).mailbox().recentFrom());
        assertEquals(
                4, await(messages.changesSince(inbox, since, true)).mailbox().recentFrom());
    }

    @Test
    void ofManySessionsThatComeAtOnceOneGetsTheRecentMessages() {
        for (int round = 0; round < 20; round++) {
            alice.append("new");
            long uidNext = alice.get(inbox).uidNext();
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(messages.open(inbox, true).map(o -> o.mailbox().recentFrom()));
                all.add(messages.changesSince(inbox, 1, true)
                        .map(c -> c.mailbox().recentFrom()));
            }
            long told = all.stream()
                    .map(Waiting::await)
                    .filter(from -> from < uidNext)
                    .count();
            assertEquals(1, told);
        }
    }

    @Test
    void changesAreWhatBecameNewerAndNothingElse() {
        alice.append(5);
        long since = alice.get(inbox).highestModSeq();
        Changes none = await(messages.changesSince(inbox, since, false));
        assertEquals(List.of(), none.changed());
        assertEquals(UidSet.EMPTY, none.expunged());

        alice.store(UidSet.of(4, 2), Mode.ADD, new Flags(Flags.SEEN, List.of("x")));
        await(messages.remove(inbox, UidSet.of(1, 4)));
        alice.append("six");
        Changes changes = await(messages.changesSince(inbox, since, false));
        assertEquals(
                List.of(
                        new FlagState(2, since + 1, new Flags(Flags.SEEN, List.of("x"))),
                        new FlagState(6, since + 3, Flags.NONE)),
                changes.changed());
        assertEquals(UidSet.of(1, 4), changes.expunged());
        assertEquals(since + 3, changes.mailbox().highestModSeq());
        assertEquals(4, changes.mailbox().messages());
        assertEquals(
                List.of(), await(messages.changesSince(inbox, since + 3, false)).changed());
    }

    @Test
    void manyWhoAskTheSameGetTheSame() {
        alice.append(3);
        List<Future<Changes>> all = IntStream.range(0, 50)
                .mapToObj(i -> messages.changesSince(inbox, 1, false))
                .toList();
        all.forEach(asked -> assertEquals(3, await(asked).changed().size()));
    }

    @Test
    void whoAsksAfterHisOwnChangeSeesItHoweverManyAskAtThatTime() {
        for (int i = 0; i < 50; i++) {
            for (int j = 0; j < 5; j++) {
                messages.changesSince(inbox, 1, false);
            }
            long uid = alice.append("own");
            assertTrue(await(messages.changesSince(inbox, 1, false)).changed().stream()
                    .anyMatch(m -> m.uid() == uid));
        }
    }

    @Test
    void fetchGivesExistingMessagesInOrderUpToTheLimit() {
        alice.append(10);
        await(messages.remove(inbox, UidSet.of(3)));
        Set<Field> narrow = Set.of();
        List<FetchedMessage> found = await(messages.fetch(inbox, UidSet.of(9, 2, 3, 4, 77), narrow, 2));
        assertEquals(List.of(2L, 4L), found.stream().map(m -> m.message().uid()).toList());
        assertEquals(List.of(), await(messages.fetch(inbox, UidSet.of(3, 77), narrow, 10)));
        assertEquals(List.of(), await(messages.fetch(inbox, UidSet.EMPTY, narrow, 10)));
        assertEquals(9, await(messages.fetch(inbox, UidSet.ALL, narrow, 100)).size());
        assertNull(found.get(0).header());
        assertNull(found.get(0).envelope());
    }

    @Test
    void fetchBringsOnlyWhatWasAskedFor() {
        alice.append("a");
        FetchedMessage envelope = alice.fetchOne(1, Field.ENVELOPE);
        assertNotNull(envelope.envelope());
        assertNull(envelope.header());
        assertNull(envelope.structure());
        assertNull(envelope.firstOctets());
        FetchedMessage first = alice.fetchOne(1, Field.FIRST_OCTETS);
        assertEquals(Mail.text("a"), first.header().toString() + first.firstOctets());
        assertNull(first.body());
    }

    @Test
    void oneFetchHasSoManyRowsAndNoMore() {
        fixture.fill(inbox, Messages.MAX_FETCH_ROWS + 5);
        List<FetchedMessage> first = await(messages.fetch(inbox, UidSet.ALL, Set.of(), Integer.MAX_VALUE));
        assertEquals(Messages.MAX_FETCH_ROWS, first.size());
        long last = first.get(first.size() - 1).message().uid();
        assertEquals(
                5,
                await(messages.fetch(inbox, UidSet.ALL.above(last), Set.of(), Integer.MAX_VALUE))
                        .size());
    }

    @Test
    void oneFetchEndsWithTheRowThatReachesItsOctets() {
        String big = "X-Filler: " + "x".repeat(400_000) + "\r\n\r\n";
        await(messages.append(
                inbox,
                IntStream.range(0, 5)
                        .mapToObj(i -> new NewMessage(alice.content(big), Flags.NONE, null))
                        .toList()));
        assertEquals(3, alice.fetch(inbox, UidSet.ALL, Field.HEADER).size());
        assertEquals(2, alice.fetch(inbox, UidSet.ALL.above(3), Field.HEADER).size());
        assertEquals(5, alice.fetch(inbox, UidSet.ALL, Field.ENVELOPE).size());
    }

    @Test
    void allMessagesAreFetchedWhateverTheBatches() {
        alice.append(700);
        for (Field field : Field.values()) {
            List<Long> uids = new ArrayList<>();
            UidSet rest = UidSet.ALL;
            while (true) {
                List<FetchedMessage> batch = await(messages.fetch(inbox, rest, Set.of(field), 10_000));
                if (batch.isEmpty()) {
                    break;
                }
                batch.forEach(m -> uids.add(m.message().uid()));
                rest = rest.above(uids.get(uids.size() - 1));
            }
            assertEquals(UidSet.range(1, 700).stream().boxed().toList(), uids, field.name());
        }
    }

    @Test
    void morePlacesThanOneStatementTakesAreAskedByAndBy() {
        alice.append(3);
        await(messages.remove(inbox, UidSet.of(1)));
        UidSet.Builder scattered = new UidSet.Builder().add(3);
        IntStream.range(5_000, 25_000).forEach(i -> scattered.add(2L * i));
        fixture.database.execute("update mailbox set uid_next = 100000");
        fixture.database.execute("update message set uid = 49998 where uid = 2");
        UidSet uids = scattered.build();
        assertEquals(1, alice.fetch(inbox, uids).size());
        assertEquals(49998, alice.fetch(inbox, uids.above(3)).get(0).message().uid());
    }

    @Test
    void aMailboxThatIsGoneIsNonexistentToReaders() {
        MailboxKey gone = alice.create("gone");
        await(fixture.store.mailboxes().delete(alice.account, "gone"));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.open(gone, true)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.open(gone, false)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.changesSince(gone, 1, false)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.changesSince(gone, 1, true)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.fetch(gone, UidSet.ALL, Set.of(), 1)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.fetch(gone, UidSet.ALL, Set.of(Field.HEADER), 1)));
    }

    @Test
    void accountsDoNotSeeEachOther() {
        alice.append("secret");
        Mail bob = new Mail(fixture.store, fixture.account("bob"));
        MailboxKey stolen = new MailboxKey(bob.account, inbox.mailboxId());
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.open(stolen, false)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.fetch(stolen, UidSet.ALL, Set.of(), 1)));
        long content = alice.fetchOne(1).message().contentId();
        assertEquals(Refusal.Kind.EXPUNGED, refused(fixture.store.contents().read(bob.account, content, 0, 1)));
        assertFalse(alice.octets(content).length == 0);
    }

    @Test
    void sinceAModSeqTheChangedAndTheGone() {
        alice.append(200);
        long start = open().mailbox().highestModSeq();
        alice.store(UidSet.range(60, 70), Mode.ADD, Flags.of(Flags.SEEN));
        alice.store(UidSet.of(1, 64, 130, 200), Mode.ADD, Flags.of(Flags.DELETED));
        long before = open().mailbox().highestModSeq();
        await(messages.expunge(inbox, UidSet.range(2, 200)));
        Messages.Since since = await(messages.since(inbox, start));
        assertEquals(UidSet.range(60, 70).minus(UidSet.of(64)).union(UidSet.of(1)), since.changed());
        assertEquals(UidSet.of(64, 130, 200), since.expunged());
        assertTrue(since.complete());
        assertEquals(
                new Messages.Since(UidSet.EMPTY, UidSet.of(64, 130, 200), true), await(messages.since(inbox, before)));
        assertEquals(
                new Messages.Since(UidSet.EMPTY, UidSet.EMPTY, true), await(messages.since(inbox, Long.MAX_VALUE)));
        fixture.database.execute("update mailbox set expunged_pruned_modseq = " + before);
        assertFalse(await(messages.since(inbox, before - 1)).complete());
        assertTrue(await(messages.since(inbox, before)).complete());
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.since(new MailboxKey(inbox.accountId(), 999), 1)));
    }
}
