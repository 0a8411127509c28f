package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What one session does and when another hears of it, on one node and on two. */
class NewsTest {
    private static ImapServer here;
    private static ImapServer there;

    @BeforeAll
    static void start() {
        here = ImapServer.start(ImapLimits.DEFAULT.withStillHere(Duration.ofMillis(500)));
        there = here.secondNode();
    }

    @AfterAll
    static void stop() {
        here.close();
    }

    @Test
    void noopOnOneNodeHearsAtOnceWhatWasDoneOnAnother() {
        here.createAccount("noop@example.com");
        try (TestClient writer = here.login("noop@example.com");
                TestClient reader = there.login("noop@example.com")) {
            TestMail.fill(writer, "INBOX", 3);
            writer.imap("SELECT INBOX");
            reader.imap("SELECT INBOX");
            for (int i = 1; i <= 20; i++) {
                writer.imap("STORE 2 FLAGS.SILENT ($Round" + i + ")");
                List<String> news = reader.imap("NOOP");
                assertEquals("* 2 FETCH (UID 2 FLAGS ($Round" + i + "))", news.get(news.size() - 2));
            }
            writer.imap("UID STORE 1 +FLAGS.SILENT (\\Deleted)");
            writer.imap("EXPUNGE");
            TestMail.append(writer, "INBOX", "", TestMail.numbered(4));
            List<String> news = reader.imap("NOOP");
            assertEquals(
                    List.of("* 1 EXPUNGE", "* 3 EXISTS"),
                    news.stream().filter(line -> line.contains("EX")).toList());
        }
    }

    @Test
    void idleOnOneNodeHearsWhatIsDoneOnAnother() {
        here.createAccount("idle2@example.com");
        try (TestClient writer = here.login("idle2@example.com");
                TestClient reader = there.login("idle2@example.com")) {
            TestMail.fill(writer, "INBOX", 2);
            writer.imap("SELECT INBOX");
            reader.imap("SELECT INBOX");
            Conversation.of("C: i IDLE\nS: + idling").run(reader);
            TestMail.append(writer, "INBOX", "", TestMail.numbered(3));
            assertEquals("* 3 EXISTS", reader.line());
            reader.line();
            writer.imap("STORE 1:2 +FLAGS.SILENT (\\Flagged)");
            Conversation.of("""
                    S: * 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen $Forwarded))
                    S: * 2 FETCH (UID 2 FLAGS (\\Flagged))
                    C: DONE
                    S: i OK IDLE completed
                    """).run(reader);
        }
    }

    @Test
    void outlookHearsSomethingWhileItIdles() {
        here.createAccount("outlook@example.com");
        try (TestClient client = here.login("outlook@example.com")) {
            Conversation.of(
                            "C: i IDLE\nS: + idling\nS: * OK Still here\nS: * OK Still here\nC: DONE\nS: i OK IDLE completed")
                    .run(client);
            assertFalse(client.hasInput(700));
        }
    }

    @Test
    void nothingIsSentWhileNoCommandRuns() {
        here.createAccount("quiet@example.com");
        try (TestClient writer = here.login("quiet@example.com");
                TestClient reader = here.login("quiet@example.com")) {
            reader.imap("SELECT INBOX");
            TestMail.fill(writer, "INBOX", 3);
            assertFalse(reader.hasInput(300));
            assertTrue(reader.imap("FETCH 1:* UID").contains("* 3 EXISTS"));
        }
    }

    @Test
    void burstOfDeliveriesIsAFewLooksAndNotOneEach() {
        here.createAccount("burst@example.com");
        try (TestClient writer = here.login("burst@example.com");
                TestClient reader = here.login("burst@example.com")) {
            reader.imap("SELECT INBOX");
            Conversation.of("C: i IDLE\nS: + idling").run(reader);
            TestMail.fill(writer, "INBOX", 100);
            List<String> news = reader.linesUntil("* 100 EXISTS"::equals);
            assertTrue(news.size() < 200, "responses: " + news.size());
        }
    }

    @Test
    void sessionOfADeletedMailboxIsEnded() {
        here.createAccount("deleted@example.com");
        try (TestClient owner = here.login("deleted@example.com");
                TestClient reader = there.login("deleted@example.com");
                TestClient idler = here.login("deleted@example.com")) {
            owner.imap("CREATE Doomed");
            reader.imap("SELECT Doomed");
            idler.imap("SELECT Doomed");
            Conversation.of("C: i IDLE\nS: + idling").run(idler);
            owner.imap("DELETE Doomed");
            Conversation.of("""
                    C: a NOOP
                    S: * BYE The selected mailbox has been deleted
                    S: /a NO .*/
                    CLOSED
                    """).run(reader);
            Conversation.of("S~\nS: * BYE The selected mailbox has been deleted\nS: /i NO .*/\nCLOSED")
                    .run(idler);
        }
    }

    @Test
    void sessionIsEndedWhenUidValidityChangesUnderIt() {
        long account = here.createAccount("validity@example.com").accountId();
        try (TestClient client = here.login("validity@example.com")) {
            client.imap("SELECT INBOX");
            TestMail.sql(here, "update mailbox set uid_validity = uid_validity + 1 where account_id = " + account);
            Conversation.of("""
                    C: a NOOP
                    S: * BYE UIDVALIDITY of the selected mailbox has changed
                    S: /a NO .*/
                    CLOSED
                    """).run(client);
        }
    }

    @Test
    void renamedMailboxStaysSelected() {
        here.createAccount("renamed@example.com");
        try (TestClient owner = here.login("renamed@example.com");
                TestClient reader = there.login("renamed@example.com")) {
            owner.imap("CREATE Before");
            TestMail.fill(owner, "Before", 2);
            reader.imap("SELECT Before");
            owner.imap("RENAME Before After");
            TestMail.append(owner, "After", "", TestMail.numbered(3));
            assertTrue(reader.imap("NOOP").contains("* 3 EXISTS"));
        }
    }

    @Test
    void everyMessageIsRecentInOneSessionOnly() {
        here.createAccount("recent@example.com");
        try (TestClient writer = here.login("recent@example.com");
                TestClient first = here.login("recent@example.com");
                TestClient second = there.login("recent@example.com")) {
            first.imap("SELECT INBOX");
            second.imap("SELECT INBOX");
            TestMail.fill(writer, "INBOX", 5);
            assertTrue(second.imap("NOOP").contains("* 5 RECENT"));
            assertTrue(first.imap("NOOP").contains("* 0 RECENT"));
            assertTrue(second.imap("FETCH 3 FLAGS").contains("* 3 FETCH (FLAGS (\\Recent))"));
            assertTrue(first.imap("FETCH 3 FLAGS").contains("* 3 FETCH (FLAGS ())"));
        }
    }
}
