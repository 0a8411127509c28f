package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.FetchedMessage;
import io.postrider.store.FlagChange;
import io.postrider.store.FlagChange.Mode;
import io.postrider.store.Flags;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.Messages.Copied;
import io.postrider.store.Messages.Expunged;
import io.postrider.store.Messages.FlagState;
import io.postrider.store.Messages.Stored;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** STORE, COPY, MOVE and EXPUNGE. */
class ChangingMessagesTest {
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

    private static Flags flags(int bits, String... keywords) {
        return new Flags(bits, List.of(keywords));
    }

    private static List<Flags> flagsOf(Stored stored) {
        return stored.messages().stream().map(FlagState::flags).toList();
    }

    @Test
    void flagsAreAddedRemovedAndReplaced() {
        alice.append(inbox, "a", flags(Flags.SEEN, "x"));
        UidSet one = UidSet.of(1);
        assertEquals(
                List.of(flags(Flags.SEEN | Flags.FLAGGED, "x", "y")),
                flagsOf(alice.store(one, Mode.ADD, flags(Flags.FLAGGED | Flags.SEEN, "y", "X"))));
        assertEquals(
                List.of(flags(Flags.FLAGGED, "y")),
                flagsOf(alice.store(one, Mode.REMOVE, flags(Flags.SEEN, "X", "z"))));
        assertEquals(
                List.of(flags(Flags.DELETED, "x", "z")),
                flagsOf(alice.store(one, Mode.REPLACE, flags(Flags.DELETED, "z", "x"))));
        assertEquals(flags(Flags.DELETED, "x", "z"), alice.flags(1));
        assertEquals(List.of(Flags.NONE), flagsOf(alice.store(one, Mode.REPLACE, Flags.NONE)));
        assertEquals(Flags.NONE, alice.flags(1));
        assertEquals(List.of("x", "y", "z"), alice.find("INBOX").keywords());
    }

    @Test
    void onlyWhatReallyChangesGetsAModSeq() {
        alice.append(inbox, "seen", Flags.of(Flags.SEEN));
        alice.append("new");
        long before = alice.get(inbox).highestModSeq();
        Stored stored = alice.store(UidSet.ALL, Mode.ADD, Flags.of(Flags.SEEN));
        assertEquals(before + 1, stored.modSeq());
        assertEquals(
                List.of(
                        new FlagState(1, before - 1, Flags.of(Flags.SEEN)),
                        new FlagState(2, before + 1, Flags.of(Flags.SEEN))),
                stored.messages());
        Mailbox after = alice.get(inbox);
        assertEquals(before + 1, after.highestModSeq());
        assertEquals(0, after.unseen());

        Stored nothing = alice.store(UidSet.ALL, Mode.ADD, Flags.of(Flags.SEEN));
        assertEquals(0, nothing.modSeq());
        assertEquals(stored.messages(), nothing.messages());
        assertEquals(after, alice.get(inbox));
    }

    @Test
    void theSameKeywordsInAnotherOrderAreNoChange() {
        alice.append(inbox, "a", flags(0, "x", "y"));
        assertEquals(
                0, alice.store(UidSet.of(1), Mode.REPLACE, flags(0, "Y", "X")).modSeq());
        assertEquals(0, alice.store(UidSet.of(1), Mode.ADD, flags(0, "Y")).modSeq());
        assertEquals(0, alice.store(UidSet.of(1), Mode.REMOVE, flags(0, "z")).modSeq());
        assertEquals(List.of("x", "y"), alice.get(inbox).keywords());
    }

    @Test
    void unchangedSinceLeavesAloneWhatHasChanged() {
        alice.append("a");
        alice.append("b");
        long since = alice.get(inbox).highestModSeq();
        alice.store(UidSet.of(1), Mode.ADD, Flags.of(Flags.FLAGGED));
        Stored stored = await(messages.store(
                inbox, UidSet.range(1, 9), new FlagChange(Mode.ADD, Flags.of(Flags.SEEN)), OptionalLong.of(since)));
        assertEquals(UidSet.of(1), stored.modified());
        assertEquals(List.of(2L), stored.messages().stream().map(FlagState::uid).toList());
        assertEquals(Flags.of(Flags.FLAGGED), alice.flags(1));
        assertEquals(Flags.of(Flags.SEEN), alice.flags(2));
        assertEquals(1, alice.get(inbox).unseen());

        Stored none = await(
                messages.store(inbox, UidSet.ALL, new FlagChange(Mode.ADD, Flags.of(Flags.SEEN)), OptionalLong.of(0)));
        assertEquals(UidSet.range(1, 2), none.modified());
        assertEquals(0, none.modSeq());
    }

    @Test
    void aStoreThatWouldBringOneKeywordTooManyDoesNothing() {
        alice.append("a");
        alice.store(
                UidSet.of(1),
                Mode.REPLACE,
                new Flags(
                        0,
                        IntStream.range(0, Messages.MAX_KEYWORDS)
                                .mapToObj(i -> "k" + i)
                                .toList()));
        FlagChange oneMore = new FlagChange(Mode.ADD, flags(Flags.SEEN, "more"));
        assertEquals(Refusal.Kind.LIMIT, refused(messages.store(inbox, UidSet.of(1), oneMore, OptionalLong.empty())));
        assertEquals(1, alice.get(inbox).unseen());
        alice.store(UidSet.of(1), Mode.REMOVE, flags(0, "more"));
        alice.store(UidSet.of(1), Mode.REPLACE, flags(0, "K3"));
        assertEquals(List.of("k3"), alice.flags(1).keywords());
    }

    @Test
    void scatteredUidsAreOneStatement() {
        alice.append(50);
        UidSet.Builder odd = new UidSet.Builder();
        IntStream.range(0, 200).forEach(i -> odd.add(2 * i + 1));
        Stored stored = alice.store(odd.build(), Mode.ADD, Flags.of(Flags.SEEN));
        assertEquals(25, stored.messages().size());
        assertTrue(stored.messages().stream().allMatch(m -> m.uid() % 2 == 1 && m.modSeq() == stored.modSeq()));
        assertEquals(25, alice.get(inbox).unseen());
    }

    @Test
    void expungeTakesWhatIsDeletedAndNothingElse() {
        alice.append(4);
        alice.store(UidSet.of(2, 3, 4), Mode.ADD, Flags.of(Flags.DELETED));
        assertEquals(
                UidSet.of(3), await(messages.expunge(inbox, UidSet.of(1, 3))).uids());
        Expunged rest = await(messages.expunge(inbox, UidSet.ALL));
        assertEquals(UidSet.of(2, 4), rest.uids());
        Mailbox after = alice.get(inbox);
        assertEquals(rest.modSeq(), after.highestModSeq());
        assertEquals(1, after.messages());
        assertEquals(1, after.unseen());
        assertEquals(0, after.deleted());
        assertEquals(alice.fetchOne(1).message().size(), after.octets());
        assertEquals(5, after.uidNext());

        assertEquals(new Expunged(UidSet.EMPTY, 0), await(messages.expunge(inbox, UidSet.ALL)));
        assertEquals(after, alice.get(inbox));
        assertEquals(3, fixture.count("select count(*) from unreferenced"));
    }

    @Test
    void removeTakesAll() {
        alice.append(3);
        assertEquals(
                UidSet.of(1, 3),
                await(messages.remove(inbox, UidSet.of(1, 3, 9))).uids());
        assertEquals(1, alice.get(inbox).messages());
    }

    @Test
    void copiesKeepFlagsDateAndContent() {
        MailboxKey other = alice.create("other");
        Instant date = Instant.parse("2001-02-03T04:05:06Z");
        alice.append(other, "there", flags(0, "WORK"));
        await(messages.append(
                inbox,
                List.of(
                        new NewMessage(alice.content(Mail.text("a")), flags(Flags.SEEN, "work", "new"), date),
                        new NewMessage(alice.content(Mail.text("b")), Flags.of(Flags.DELETED), null))));
        Copied copied = await(messages.copy(inbox, UidSet.of(1, 2, 3), other));
        assertEquals(new Copied(alice.get(other).uidValidity(), UidSet.of(1, 2), UidSet.of(2, 3), 0, 0), copied);
        FetchedMessage copy = alice.fetch(other, UidSet.of(2)).get(0);
        assertEquals(flags(Flags.SEEN, "WORK", "new"), copy.message().flags());
        assertEquals(date, copy.message().internalDate());
        assertEquals(alice.fetchOne(1).message().contentId(), copy.message().contentId());
        Mailbox target = alice.get(other);
        assertEquals(3, target.messages());
        assertEquals(2, target.unseen());
        assertEquals(1, target.deleted());
        assertEquals(copy.message().modSeq(), target.highestModSeq());
        assertEquals(List.of("WORK", "new"), target.keywords());
        assertEquals(2, alice.get(inbox).messages());
    }

    @Test
    void copiesIntoTheSameMailbox() {
        alice.append(2);
        Copied copied = await(messages.copy(inbox, UidSet.ALL, inbox));
        assertEquals(UidSet.range(3, 4), copied.target());
        assertEquals(4, alice.get(inbox).messages());
        assertEquals(4, alice.fetch(inbox, UidSet.ALL).size());
    }

    @Test
    void copiesCountAgainstTheQuotaAndMovesDoNot() {
        alice.append("a");
        MailboxKey other = alice.create("other");
        long octets = alice.get(inbox).octets();
        fixture.database.execute("update account set octet_limit = " + (2 * octets - 1));
        assertEquals(Refusal.Kind.OVER_QUOTA, refused(messages.copy(inbox, UidSet.ALL, other)));
        assertEquals(0, alice.get(other).messages());
        fixture.database.execute("update account set octet_limit = 1");
        assertEquals(
                UidSet.of(1), await(messages.move(inbox, UidSet.ALL, other)).target());
        fixture.database.execute("update account set octet_limit = " + 2 * octets);
        await(messages.copy(other, UidSet.ALL, inbox));
    }

    @Test
    void aTransferThatBringsOneKeywordTooManyDoesNothing() {
        MailboxKey full = alice.create("full");
        alice.append(
                full,
                "f",
                new Flags(
                        0,
                        IntStream.range(0, Messages.MAX_KEYWORDS)
                                .mapToObj(i -> "k" + i)
                                .toList()));
        alice.append(inbox, "known", flags(0, "K5"));
        alice.append(inbox, "new", flags(0, "new"));
        assertEquals(Refusal.Kind.LIMIT, refused(messages.copy(inbox, UidSet.ALL, full)));
        assertEquals(Refusal.Kind.LIMIT, refused(messages.move(inbox, UidSet.ALL, full)));
        assertEquals(2, alice.get(inbox).messages());
        assertEquals(
                UidSet.of(1), await(messages.move(inbox, UidSet.of(1), full)).source());
        assertEquals(
                List.of("k5"),
                alice.fetch(full, UidSet.of(2)).get(0).message().flags().keywords());
    }

    @Test
    void movesGiveNewUidsThereAndExpungeHere() {
        MailboxKey other = alice.create("other");
        alice.append(5);
        alice.store(UidSet.of(2), Mode.ADD, Flags.of(Flags.SEEN));
        alice.store(UidSet.of(4), Mode.ADD, Flags.of(Flags.DELETED));
        long octets = alice.get(inbox).octets();
        Copied moved = await(messages.move(inbox, UidSet.of(2, 4, 7), other));
        assertEquals(UidSet.of(2, 4), moved.source());
        assertEquals(UidSet.range(1, 2), moved.target());
        Mailbox source = alice.get(inbox);
        Mailbox target = alice.get(other);
        assertEquals(moved.sourceModSeq(), source.highestModSeq());
        assertEquals(List.of(3L, 3L, 0L), List.of(source.messages(), source.unseen(), source.deleted()));
        assertEquals(List.of(2L, 1L, 1L), List.of(target.messages(), target.unseen(), target.deleted()));
        assertEquals(octets, source.octets() + target.octets());
        assertEquals(
                UidSet.of(2, 4),
                await(messages.changesSince(inbox, moved.sourceModSeq() - 1, false))
                        .expunged());
        assertEquals(0, fixture.count("select count(*) from unreferenced"));
    }

    @Test
    void movesWithinAMailboxGiveNewUids() {
        alice.append(3);
        Copied moved = await(messages.move(inbox, UidSet.ALL, inbox));
        assertEquals(UidSet.range(1, 3), moved.source());
        assertEquals(UidSet.range(4, 6), moved.target());
        Mailbox after = alice.get(inbox);
        assertEquals(3, after.messages());
        assertEquals(7, after.uidNext());
        assertEquals(UidSet.range(4, 6), await(messages.open(inbox, false)).uids());
        assertEquals(
                UidSet.range(1, 3),
                await(messages.changesSince(inbox, moved.sourceModSeq() - 1, false))
                        .expunged());
    }

    @Test
    void whatIsNotThereIsNotMovedAndChangesNothing() {
        MailboxKey other = alice.create("other");
        Mailbox before = alice.get(other);
        Copied copied = await(messages.copy(inbox, UidSet.range(1, 9), other));
        assertEquals(new Copied(before.uidValidity(), UidSet.EMPTY, UidSet.EMPTY, 0, 0), copied);
        assertEquals(copied, await(messages.move(inbox, UidSet.EMPTY, other)));
        assertEquals(before, alice.get(other));
    }

    @Test
    void mailboxesThatAreGoneAreNonexistent() {
        alice.append("a");
        MailboxKey gone = alice.create("gone");
        await(fixture.store.mailboxes().delete(alice.account, "gone"));
        FlagChange change = new FlagChange(Mode.ADD, Flags.of(Flags.SEEN));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.store(gone, UidSet.ALL, change, OptionalLong.empty())));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.expunge(gone, UidSet.ALL)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.remove(gone, UidSet.ALL)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.copy(gone, UidSet.ALL, inbox)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.copy(inbox, UidSet.ALL, gone)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.move(inbox, UidSet.ALL, gone)));
        assertEquals(1, alice.get(inbox).messages());
    }

    @Test
    void messagesNeverLeaveTheirAccount() {
        alice.append("a");
        Mail bob = new Mail(fixture.store, fixture.account("bob"));
        awaitFailure(IllegalArgumentException.class, messages.copy(inbox, UidSet.ALL, bob.inbox));
        awaitFailure(IllegalArgumentException.class, messages.move(inbox, UidSet.ALL, bob.inbox));
        MailboxKey disguised = new MailboxKey(alice.account, bob.inbox.mailboxId());
        assertEquals(Refusal.Kind.NONEXISTENT, refused(messages.copy(inbox, UidSet.ALL, disguised)));
    }
}
