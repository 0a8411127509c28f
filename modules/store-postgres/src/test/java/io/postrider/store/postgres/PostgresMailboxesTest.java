package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Account;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Mailboxes;
import io.postrider.store.Refusal;
import io.postrider.store.SpecialUse;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresMailboxesTest {
    private final StoreFixture fixture = new StoreFixture();
    private final Mailboxes mailboxes = fixture.store.mailboxes();
    private final Account alice = fixture.account("alice");
    private final long account = alice.accountId();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Mailbox create(String name) {
        return await(mailboxes.create(account, name, Optional.empty()));
    }

    private Refusal.Kind refused(Future<?> wish) {
        return awaitFailure(Refusal.class, wish).kind();
    }

    private boolean exists(String name) {
        return await(mailboxes.find(account, name)).isPresent();
    }

    private Mailbox find(String name) {
        return await(mailboxes.find(account, name)).orElseThrow();
    }

    @Test
    void inboxIsFoundInAnyCaseAndOthersOnlyInTheirOwn() {
        assertEquals("INBOX", find("inBox").name());
        assertFalse(exists("trash"));
        create("inbox/Lists");
        assertEquals("INBOX/Lists", find("Inbox/Lists").name());
        assertFalse(exists("INBOX/lists"));
        assertEquals("INBOX", await(mailboxes.list(account)).get(0).name());
    }

    @Test
    void creatingMakesTheParentsItLacksAsRealMailboxes() {
        create("a");
        Mailbox made = await(mailboxes.create(account, "a/b/c", Optional.of(SpecialUse.SENT)));
        assertEquals("a/b/c", made.name());
        assertEquals(Optional.of(SpecialUse.SENT), made.specialUse());
        assertFalse(made.subscribed());
        assertEquals(made, await(mailboxes.get(made.key())));
        assertTrue(find("a/b").selectable());
        assertEquals(Optional.empty(), find("a/b").specialUse());
        assertTrue(made.uidValidity() > find("a/b").uidValidity());
        assertTrue(find("a/b").uidValidity() > find("a").uidValidity());
        assertEquals(Refusal.Kind.ALREADY_EXISTS, refused(mailboxes.create(account, "a/b", Optional.empty())));
        assertEquals(Refusal.Kind.ALREADY_EXISTS, refused(mailboxes.create(account, "inbox", Optional.empty())));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.create(999, "a", Optional.empty())));
    }

    @Test
    void uidValidityRisesForEverEvenWhenANameComesBack() {
        long last = find("Trash").uidValidity();
        for (int i = 0; i < 5; i++) {
            Mailbox again = create("again");
            assertTrue(again.uidValidity() > last);
            last = again.uidValidity();
            await(mailboxes.delete(account, "again"));
        }
    }

    @Test
    void namesThatCannotBeAreRefused() {
        for (String name : List.of(
                "", "/", "/a", "a/", "a//b", "a\rb", "a\nb", "a\0b", "a\u007fb", "a\u0085b", "a\u2028b", "a\ud800")) {
            assertEquals(Refusal.Kind.CANNOT, refused(mailboxes.create(account, name, Optional.empty())), name);
            assertEquals(Refusal.Kind.CANNOT, refused(mailboxes.rename(account, "Trash", name)), name);
            assertEquals(Refusal.Kind.CANNOT, refused(mailboxes.subscribe(account, name)), name);
            assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.rename(account, name, "b")), name);
            assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.delete(account, name)), name);
            assertFalse(exists(name), name);
            await(mailboxes.unsubscribe(account, name));
        }
    }

    @Test
    void aNameIsTheSameComposedAndDecomposed() {
        create("Entwu\u0308rfe");
        assertEquals("Entw\u00fcrfe", find("Entw\u00fcrfe").name());
        assertTrue(exists("Entwu\u0308rfe"));
        assertEquals(
                Refusal.Kind.ALREADY_EXISTS, refused(mailboxes.create(account, "Entw\u00fcrfe", Optional.empty())));
    }

    @Test
    void aNameHasSoManyOctetsAndNoMore() {
        String longest = "ü".repeat(Mailboxes.MAX_NAME_OCTETS / 2);
        assertEquals(longest, create(longest).name());
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.create(account, longest + "a", Optional.empty())));
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.subscribe(account, longest + "a")));
        create("a/" + "x".repeat(500));
        await(mailboxes.rename(account, "a", "b".repeat(499)));
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.rename(account, "b".repeat(499), "b".repeat(500))));
        assertTrue(exists("b".repeat(499) + "/" + "x".repeat(500)));
    }

    @Test
    void aNameHasSoManyLevelsAndNoMore() {
        String deepest = "a" + "/a".repeat(Mailboxes.MAX_DEPTH - 1);
        assertEquals(deepest, create(deepest).name());
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.create(account, deepest + "/a", Optional.empty())));
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.rename(account, "a", "b/a")));
        await(mailboxes.rename(account, "a", "b"));
        await(mailboxes.rename(account, "b/a", "c"));
        await(mailboxes.rename(account, "c", "d/c"));
    }

    @Test
    void anAccountHasSoManyMailboxesAndNoMore() {
        fixture.database.execute("insert into mailbox (account_id, mailbox_id, name, uid_validity) select " + account
                + ", nextval('mailbox_id_seq'), 'm' || n, n from generate_series(1, "
                + (Mailboxes.MAX_MAILBOXES - 6 - 2)
                + ") as n");
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.create(account, "a/b/c", Optional.empty())));
        assertFalse(exists("a"));
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.rename(account, "m1", "a/b/c/d")));
        create("a/b");
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.create(account, "c", Optional.empty())));
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.rename(account, "m1", "c/d")));
        assertEquals(Refusal.Kind.ALREADY_EXISTS, refused(mailboxes.create(account, "a", Optional.empty())));
        await(mailboxes.rename(account, "m1", "c"));
        assertEquals(Mailboxes.MAX_MAILBOXES, await(mailboxes.list(account)).size());
        await(mailboxes.delete(account, "m2"));
        create("m2");
    }

    @Test
    void whoCreatesTheSameAtOnceGetsItOnce() {
        List<Future<Mailbox>> all = IntStream.range(0, 12)
                .mapToObj(i -> mailboxes.create(account, "p/q/" + i % 3, Optional.empty()))
                .toList();
        await(Future.join(all).otherwiseEmpty());
        assertEquals(3, all.stream().filter(Future::succeeded).count());
        all.stream().filter(Future::failed).forEach(lost -> assertEquals(Refusal.Kind.ALREADY_EXISTS, refused(lost)));
        List<Mailbox> there = await(mailboxes.list(account));
        assertEquals(
                there.size(),
                there.stream().map(Mailbox::uidValidity).distinct().count());
    }

    @Test
    void renamingTakesAllBelowAlongAndTheyStayWhatTheyWere() {
        create("a/b/c");
        create("ab");
        Mailbox before = find("a/b/c");
        fixture.fill(before.key(), 3);
        await(mailboxes.subscribe(account, "a/b/c"));
        await(mailboxes.rename(account, "a", "new/parent/z"));
        assertFalse(exists("a") || exists("a/b") || exists("a/b/c"));
        assertTrue(exists("ab"));
        assertTrue(find("new/parent").selectable());
        Mailbox after = find("new/parent/z/b/c");
        assertEquals(before.key(), after.key());
        assertEquals(before.uidValidity(), after.uidValidity());
        assertEquals(4, after.uidNext());
        // The list of subscribed names is the client's. RFC 3501 §6.3.9
        assertFalse(after.subscribed());
        assertTrue(await(mailboxes.subscriptions(account)).contains("a/b/c"));
    }

    @Test
    void aRenameThatCannotBe() {
        create("a/b");
        create("c");
        assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.rename(account, "nothing", "d")));
        assertEquals(Refusal.Kind.ALREADY_EXISTS, refused(mailboxes.rename(account, "a", "c")));
        assertEquals(Refusal.Kind.ALREADY_EXISTS, refused(mailboxes.rename(account, "a", "a")));
        assertEquals(Refusal.Kind.ALREADY_EXISTS, refused(mailboxes.rename(account, "a", "Inbox")));
        assertEquals(Refusal.Kind.ALREADY_EXISTS, refused(mailboxes.rename(account, "a/b", "a")));
        assertEquals(Refusal.Kind.CANNOT, refused(mailboxes.rename(account, "a", "a/x")));
        assertFalse(exists("x"));
        await(mailboxes.rename(account, "a/b", "x/y"));
        assertTrue(exists("a") && exists("x"));
    }

    @Test
    void renamingInboxMovesItsMessagesAndLeavesItEmpty() {
        create("INBOX/below");
        MailboxKey inbox = find("INBOX").key();
        fixture.fill(inbox, 10);
        Mailbox before = find("INBOX");
        await(mailboxes.rename(account, "inbox", "old/2026"));
        Mailbox after = find("INBOX");
        assertEquals(inbox, after.key());
        assertEquals(before.uidValidity(), after.uidValidity());
        assertEquals(before.uidNext(), after.uidNext());
        assertEquals(before.highestModSeq() + 1, after.highestModSeq());
        assertEquals(
                List.of(0L, 0L, 0L, 0L), List.of(after.messages(), after.unseen(), after.deleted(), after.octets()));
        assertEquals(10, fixture.count("select count(*) from expunged where modseq = " + after.highestModSeq()));
        Mailbox moved = find("old/2026");
        assertEquals(
                List.of(10L, before.unseen(), before.deleted(), 100L),
                List.of(moved.messages(), moved.unseen(), moved.deleted(), moved.octets()));
        assertEquals(11, moved.uidNext());
        assertEquals(
                moved.messages(),
                fixture.count("select count(*) from message where modseq = " + moved.highestModSeq()
                        + " and mailbox_id = " + moved.key().mailboxId()));
        assertTrue(exists("INBOX/below"));
        assertEquals(Refusal.Kind.ALREADY_EXISTS, refused(mailboxes.rename(account, "INBOX", "old/2026")));
    }

    @Test
    void deletingTakesTheMessagesAndTheirContentsMayBeSwept() {
        MailboxKey mailbox = create("a").key();
        fixture.fill(mailbox, 20_000);
        fixture.fill(find("INBOX").key(), 1);
        fixture.database.execute("insert into expunged (account_id, mailbox_id, modseq, uid) values (" + account + ", "
                + mailbox.mailboxId() + ", 2, 77)");
        fixture.database.execute("update message set content_id = 5 where uid <= 2");
        await(mailboxes.delete(account, "a"));
        assertFalse(exists("a"));
        assertEquals(1, fixture.count("select count(*) from message"));
        assertEquals(0, fixture.count("select count(*) from expunged"));
        assertEquals(19_999, fixture.count("select count(*) from unreferenced where account_id = " + account));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.get(mailbox)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.delete(account, "a")));
    }

    @Test
    void oneWithMailboxesBelowItBecomesAMereParent() {
        MailboxKey parent = create("a").key();
        fixture.fill(parent, 3);
        create("a/b");
        await(mailboxes.delete(account, "a"));
        Mailbox mere = find("a");
        assertFalse(mere.selectable());
        assertEquals(0, mere.messages());
        assertNotEquals(parent, mere.key());
        assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.get(parent)));
        assertEquals(Refusal.Kind.HAS_CHILDREN, refused(mailboxes.delete(account, "a")));
        create("a/c");
        assertFalse(find("a").selectable());

        Mailbox real = create("a");
        assertTrue(real.selectable());
        assertNotEquals(mere.key(), real.key());
        assertTrue(real.uidValidity() > find("a/c").uidValidity());
        assertEquals(0, real.messages());

        await(mailboxes.delete(account, "a"));
        await(mailboxes.delete(account, "a/b"));
        await(mailboxes.delete(account, "a/c"));
        await(mailboxes.delete(account, "a"));
        assertFalse(exists("a"));
    }

    @Test
    void inboxCannotBeDeleted() {
        assertEquals(Refusal.Kind.CANNOT, refused(mailboxes.delete(account, "inBOX")));
        assertTrue(exists("INBOX"));
    }

    @Test
    void namesAreSubscribedWhetherThereIsAMailboxOrNot() {
        await(mailboxes.subscribe(account, "not there"));
        await(mailboxes.subscribe(account, "not there"));
        await(mailboxes.subscribe(account, "inbox"));
        assertEquals(
                List.of("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash", "not there"),
                await(mailboxes.subscriptions(account)));
        await(mailboxes.unsubscribe(account, "Trash"));
        await(mailboxes.unsubscribe(account, "Trash"));
        assertFalse(find("Trash").subscribed());
        assertTrue(find("Junk").subscribed());
        await(mailboxes.delete(account, "Junk"));
        assertTrue(await(mailboxes.subscriptions(account)).contains("Junk"));
    }

    @Test
    void soManyNamesAreSubscribedAndNoMore() {
        fixture.database.execute("insert into subscription (account_id, name) select " + account
                + ", 's' || n from generate_series(1, " + (PostgresMailboxes.MAX_SUBSCRIPTIONS - 6 - 1) + ") as n");
        await(mailboxes.subscribe(account, "last"));
        assertEquals(Refusal.Kind.LIMIT, refused(mailboxes.subscribe(account, "one too many")));
        await(mailboxes.subscribe(account, "last"));
    }

    @Test
    void usageIsTheSumOfTheCounters() {
        fixture.fill(find("INBOX").key(), 3);
        fixture.fill(find("Trash").key(), 4);
        assertEquals(new Mailboxes.Usage(70, 7, 6, 0, 0, 0, 0), await(mailboxes.usage(account)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.usage(999)));
    }

    @Test
    void anotherAccountSeesNothingOfIt() {
        long bob = fixture.account("bob").accountId();
        MailboxKey mailbox = create("mine").key();
        assertTrue(await(mailboxes.find(bob, "mine")).isEmpty());
        assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.get(new MailboxKey(bob, mailbox.mailboxId()))));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.delete(bob, "mine")));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(mailboxes.rename(bob, "mine", "his")));
        assertEquals(6, await(mailboxes.list(bob)).size());
    }

    @Test
    void manyChangesAtOnceEndInATreeThatHolds() {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(mailboxes.create(account, "t/" + i % 5 + "/" + i % 3, Optional.empty()));
            all.add(mailboxes.rename(account, "t/" + i % 5, "r/" + i % 4 + "/x"));
            all.add(mailboxes.delete(account, "r/" + i % 4));
        }
        await(Future.join(all).otherwiseEmpty());
        all.stream().filter(Future::failed).forEach(lost -> awaitFailure(Refusal.class, lost));
        assertEquals(
                0,
                fixture.count("select count(*) from mailbox m where name like '%/%' and not exists (select from mailbox"
                        + " p where p.account_id = m.account_id and p.name = regexp_replace(m.name, '/[^/]*$', ''))"));
    }
}
