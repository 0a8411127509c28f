package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.Flags;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.Messages.Appended;
import io.postrider.store.NewContent;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AppendTest {
    private final StoreFixture fixture = new StoreFixture();
    private final Mail alice = new Mail(fixture.store, fixture.account("alice"));
    private final Messages messages = fixture.store.messages();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Refusal.Kind refused(Future<?> wish) {
        return awaitFailure(Refusal.class, wish).kind();
    }

    private void limit(long octets) {
        fixture.database.execute("update account set octet_limit = " + octets + " where account_id = " + alice.account);
    }

    @Test
    void whatIsAppendedComesBackAsItWas() {
        Instant date = Instant.parse("2001-02-03T04:05:06Z");
        String text = Mail.text("First");
        Flags flags = new Flags(Flags.SEEN | Flags.DELETED, List.of("$Forwarded", "work"));
        Appended appended =
                await(messages.append(alice.inbox, List.of(new NewMessage(alice.content(text), flags, date))));

        assertEquals(UidSet.of(1), appended.uids());
        assertEquals(alice.find("INBOX").uidValidity(), appended.uidValidity());
        FetchedMessage message = alice.fetchOne(1, Field.values());
        assertEquals(flags, message.message().flags());
        assertEquals(date, message.message().internalDate());
        assertEquals(appended.modSeq(), message.message().modSeq());
        assertEquals(text.length(), message.message().size());
        assertTrue(text.startsWith(message.header().toString())
                && message.header().toString().endsWith("\r\n\r\n"));
        assertEquals("Hello First\r\n", message.firstOctets().toString());
        assertEquals(message.header().length(), message.structure().headerLength());
        assertEquals(text.length(), message.structure().size());
        assertTrue(message.envelope().toString().contains("\"First\""));
        assertTrue(message.bodyStructure().toString().toLowerCase().startsWith("(\"text\" \"plain\""));
        assertTrue(message.body().toString().toLowerCase().startsWith("(\"text\" \"plain\""));
        assertArrayEquals(
                text.getBytes(StandardCharsets.UTF_8),
                alice.octets(message.message().contentId()));

        Mailbox inbox = alice.find("INBOX");
        assertEquals(2, inbox.uidNext());
        assertEquals(appended.modSeq(), inbox.highestModSeq());
        assertEquals(1, inbox.messages());
        assertEquals(0, inbox.unseen());
        assertEquals(1, inbox.deleted());
        assertEquals(text.length(), inbox.octets());
        assertEquals(List.of("$Forwarded", "work"), inbox.keywords());
    }

    @Test
    void severalInOneAppendFollowEachOther() {
        alice.append("before");
        Appended appended = await(messages.append(
                alice.inbox,
                IntStream.range(0, 100)
                        .mapToObj(i -> new NewMessage(
                                alice.content(Mail.text("s" + i)), Flags.of(i % 2 == 0 ? Flags.SEEN : 0), null))
                        .toList()));
        assertEquals(UidSet.range(2, 101), appended.uids());
        List<FetchedMessage> all = alice.fetch(alice.inbox, appended.uids(), Field.ENVELOPE);
        assertEquals(100, all.size());
        for (int i = 0; i < 100; i++) {
            assertEquals(2 + i, all.get(i).message().uid());
            assertTrue(all.get(i).envelope().toString().contains("\"s" + i + "\""));
            assertEquals(appended.modSeq(), all.get(i).message().modSeq());
        }
        assertEquals(51, alice.find("INBOX").unseen());
    }

    @Test
    void anEmptyMessageIsAMessage() {
        await(messages.append(alice.inbox, List.of(new NewMessage(alice.content(""), Flags.NONE, null))));
        FetchedMessage message = alice.fetchOne(1, Field.values());
        assertEquals(0, message.message().size());
        assertEquals(0, message.header().length() + message.firstOctets().length());
        assertEquals(0, alice.octets(message.message().contentId()).length);
    }

    @Test
    void aMailboxThatIsGoneTakesNothing() {
        MailboxKey gone = alice.create("gone");
        await(fixture.store.mailboxes().delete(alice.account, "gone"));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(alice.appending(gone, "x", Flags.NONE)));
        assertEquals(0, fixture.count("select count(*) from content"));
    }

    @Test
    void anotherAccountsMailboxIsNoMailbox() {
        Mail bob = new Mail(fixture.store, fixture.account("bob"));
        MailboxKey stolen = new MailboxKey(alice.account, bob.inbox.mailboxId());
        assertEquals(Refusal.Kind.NONEXISTENT, refused(alice.appending(stolen, "x", Flags.NONE)));
    }

    @Test
    void aMereParentTakesNothing() {
        MailboxKey parent = alice.create("a");
        alice.create("a/b");
        await(fixture.store.mailboxes().delete(alice.account, "a"));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(alice.appending(parent, "x", Flags.NONE)));
        assertEquals(
                Refusal.Kind.NONEXISTENT,
                refused(alice.appending(alice.find("a").key(), "x", Flags.NONE)));
    }

    @Test
    void theQuotaCountsAllMailboxesAndIsReachedToTheOctet() {
        int octets = Mail.text("x").length();
        MailboxKey other = alice.create("other");
        limit(2L * octets);
        alice.append(other, "x", Flags.NONE);
        alice.append("x");
        assertEquals(Refusal.Kind.OVER_QUOTA, refused(alice.appending(alice.inbox, "x", Flags.NONE)));
        assertEquals(2, fixture.count("select count(*) from content"));
        limit(3L * octets - 1);
        assertEquals(Refusal.Kind.OVER_QUOTA, refused(alice.appending(alice.inbox, "x", Flags.NONE)));
        limit(3L * octets);
        alice.append("x");
        limit(0);
        alice.append("x");
    }

    @Test
    void allOrNoneOfAnAppend() {
        int octets = Mail.text("x").length();
        limit(2L * octets);
        List<NewMessage> three = IntStream.range(0, 3)
                .mapToObj(i -> new NewMessage(alice.content(Mail.text("x")), Flags.NONE, null))
                .toList();
        assertEquals(Refusal.Kind.OVER_QUOTA, refused(messages.append(alice.inbox, three)));
        assertEquals(0, alice.find("INBOX").messages());
        assertEquals(1, alice.find("INBOX").uidNext());
    }

    @Test
    void keywordsAreComparedWithoutCaseAndKeepTheSpellingSeenFirst() {
        alice.append(alice.inbox, "one", new Flags(0, List.of("Work", "later")));
        alice.append(alice.inbox, "two", new Flags(0, List.of("LATER", "new", "WORK", "later")));
        assertEquals(List.of("Work", "later", "new"), alice.flags(2).keywords());
        assertEquals(List.of("Work", "later", "new"), alice.find("INBOX").keywords());
    }

    @Test
    void aMailboxHasSoManyKeywordsAndNoMore() {
        List<String> all =
                IntStream.range(0, Messages.MAX_KEYWORDS).mapToObj(i -> "k" + i).toList();
        alice.append(alice.inbox, "all", new Flags(0, all));
        assertEquals(Refusal.Kind.LIMIT, refused(alice.appending(alice.inbox, "x", new Flags(0, List.of("another")))));
        alice.append(alice.inbox, "old ones still do", new Flags(0, List.of("K7")));
        assertEquals(List.of("k7"), alice.flags(2).keywords());
        assertEquals(2, alice.find("INBOX").messages());
    }

    @Test
    void keywordsThatCannotBeAreRefused() {
        String longest = "k".repeat(Messages.MAX_KEYWORD_OCTETS);
        alice.append(alice.inbox, "x", new Flags(0, List.of(longest)));
        assertEquals(
                Refusal.Kind.LIMIT, refused(alice.appending(alice.inbox, "x", new Flags(0, List.of(longest + "k")))));
        for (String none : List.of("", "two words", "nul\0", "bell\7", "ü")) {
            assertEquals(
                    Refusal.Kind.CANNOT, refused(alice.appending(alice.inbox, "x", new Flags(0, List.of(none)))), none);
        }
    }

    @Test
    void whatPostgresqlCannotStoreIsReplacedInWhatIsDerived() {
        String message = "Subject: nul \0 here\r\nMessage-ID: <a\0b@x>\r\nReferences: <c\0d@x> <e@x>\r\n"
                + "From: \"n\0l\" <a@b\0c>\r\n\r\nbody \0 body\r\n";
        await(messages.append(alice.inbox, List.of(new NewMessage(alice.content(message), Flags.NONE, null))));
        FetchedMessage fetched = alice.fetchOne(1);
        assertEquals(message, new String(alice.octets(fetched.message().contentId()), StandardCharsets.UTF_8));
    }

    @Test
    void aMessageIdLongerThanAnIndexEntryIsNoReasonToRefuse() {
        String id = "<" + "ü".repeat(20_000) + "@x>";
        String message = "Message-ID: " + id + "\r\nReferences: " + id + "\r\n\r\nx";
        await(messages.append(alice.inbox, List.of(new NewMessage(alice.content(message), Flags.NONE, null))));
        assertEquals(1, alice.find("INBOX").messages());
    }

    @Test
    void aDateFarOutsideAnyCalendarIsNoReasonToRefuse() {
        String message = "Date: Mon, 5 Jan 999999999 08:00:00 +0100\r\n\r\nx";
        await(messages.append(alice.inbox, List.of(new NewMessage(alice.content(message), Flags.NONE, null))));
        assertEquals(1, alice.find("INBOX").messages());
    }

    private long thread(long uid) {
        long content = alice.fetchOne(uid).message().contentId();
        return fixture.count(
                "select thread_id from content where account_id = " + alice.account + " and content_id = " + content);
    }

    private static String reply(String id, String references) {
        return "Message-ID: " + id + "\r\nReferences: " + references + "\r\n\r\nx";
    }

    @Test
    void answersJoinTheThreadOfWhatTheyAnswer() {
        for (String message : List.of(
                reply("<1@x>", ""), reply("<2@x>", "<1@x>"), reply("<3@x>", "<0@x> <2@x>"), reply("<4@x>", "<9@x>"))) {
            await(messages.append(alice.inbox, List.of(new NewMessage(alice.content(message), Flags.NONE, null))));
        }
        assertEquals(alice.fetchOne(1).message().contentId(), thread(1));
        assertEquals(thread(1), thread(2));
        assertEquals(thread(1), thread(3));
        assertEquals(alice.fetchOne(4).message().contentId(), thread(4));
    }

    @Test
    void soDoThoseThatComeTogether() {
        await(messages.append(
                alice.inbox, List.of(new NewMessage(alice.content(reply("<0@x>", "")), Flags.NONE, null))));
        await(messages.append(
                alice.inbox,
                java.util.stream.Stream.of(
                                reply("<1@x>", "<0@x>"),
                                reply("<2@x>", "<1@x>"),
                                reply("<3@x>", ""),
                                reply("<4@x>", "<3@x>"))
                        .map(text -> new NewMessage(alice.content(text), Flags.NONE, null))
                        .toList()));
        assertEquals(thread(1), thread(2));
        assertEquals(thread(1), thread(3));
        assertNotEquals(thread(1), thread(4));
        assertEquals(thread(4), thread(5));
    }

    @Test
    void aDeliveryGoesWhereItsNameSaysOrToInbox() {
        MailboxKey lists = alice.create("Lists");
        NewContent content = alice.content(Mail.text("x"));
        Buffer trace = Buffer.buffer("Return-Path: <bounce@example.net>\r\nDelivered-To: alice@example.com\r\n");
        await(messages.deliver(alice.account, "Lists", content, trace));
        await(messages.deliver(alice.account, "no such", content, trace));
        await(messages.deliver(alice.account, "inbox", content, Buffer.buffer()));

        assertEquals(1, alice.get(lists).messages());
        assertEquals(2, alice.find("INBOX").messages());
        FetchedMessage delivered = alice.fetchOne(1, Field.HEADER, Field.STRUCTURE);
        assertEquals(
                trace + Mail.text("x"),
                new String(alice.octets(delivered.message().contentId()), StandardCharsets.UTF_8));
        assertTrue(delivered.header().toString().startsWith(trace.toString()));
        assertEquals(
                trace.length() + Mail.text("x").length(), delivered.message().size());
        assertEquals(delivered.message().size(), delivered.structure().size());
        assertEquals(delivered.header().length(), delivered.structure().headerLength());
        assertEquals(Mail.text("x").length(), alice.fetchOne(2).message().size());
    }

    @Test
    void aDeliveryOverQuotaIsRefusedWithItsTraceFieldsCounted() {
        int octets = Mail.text("x").length();
        limit(octets + 9);
        Buffer trace = Buffer.buffer("X: 12345\r\n");
        assertEquals(
                Refusal.Kind.OVER_QUOTA,
                refused(messages.deliver(alice.account, "INBOX", alice.content(Mail.text("x")), trace)));
        limit(octets + 10);
        await(messages.deliver(alice.account, "INBOX", alice.content(Mail.text("x")), trace));
    }
}
