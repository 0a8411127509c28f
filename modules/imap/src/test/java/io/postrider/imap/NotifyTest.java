package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Account;
import io.postrider.testkit.TestClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What NOTIFY tells of what happens on another node, and where it ends. */
class NotifyTest {
    private static ImapServer server;
    private static ImapServer secondNode;

    @BeforeAll
    static void start() {
        server = ImapServer.start();
        secondNode = server.secondNode();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whatAnotherNodeDoesIsToldWithoutACommand() {
        server.createAccount("nodes@example.com");
        try (TestClient told = server.login("nodes@example.com");
                TestClient doer = secondNode.login("nodes@example.com")) {
            told.imap("SELECT INBOX");
            told.imap("NOTIFY SET (SELECTED (MessageNew (UID) MessageExpunge FlagChange))"
                    + " (PERSONAL (MessageNew MessageExpunge MailboxName))");
            TestMail.append(doer, "INBOX", "", TestMail.numbered(1));
            assertEquals("* 1 EXISTS", told.line());
            assertTrue(told.line().endsWith(" RECENT"));
            assertEquals("* 1 FETCH (UID 1)", told.line());
            doer.imap("CREATE Far");
            assertEquals("* LIST (\\HasNoChildren) \"/\" Far", told.line());
            TestMail.append(doer, "Far", "", TestMail.numbered(2));
            assertEquals("* STATUS Far (MESSAGES 1 UIDNEXT 2)", told.line());
            doer.imap("SELECT INBOX");
            doer.imap("STORE 1 +FLAGS (\\Deleted)");
            assertTrue(told.line().startsWith("* 1 FETCH (UID 1 FLAGS (\\Deleted"));
            doer.imap("EXPUNGE");
            assertEquals("* 1 EXPUNGE", told.line());
        }
    }

    @Test
    void newsAndCommandsDoNotMix() {
        server.createAccount("mix@example.com");
        try (TestClient told = server.login("mix@example.com");
                TestClient doer = secondNode.login("mix@example.com")) {
            TestMail.fillAtOnce(doer, "INBOX", 200);
            told.imap("SELECT INBOX");
            told.imap("NOTIFY SET (SELECTED (MessageNew (FLAGS) MessageExpunge FlagChange))");
            doer.imap("SELECT INBOX");
            for (int round = 0; round < 20; round++) {
                doer.send("d UID STORE " + (1 + round * 10) + ":" + (10 + round * 10) + " +FLAGS.SILENT (\\Deleted)");
                doer.send("e EXPUNGE");
                List<String> answer = told.imap("UID FETCH 1:* (UID BODY.PEEK[])");
                assertTrue(answer.get(answer.size() - 1).startsWith("OK"), answer.toString());
                doer.linesUntil(line -> line.startsWith("e OK"));
            }
            // Every message is gone, and the client has been told so, one by one.
            List<String> last = told.imap("NOOP");
            assertTrue(last.get(last.size() - 1).startsWith("OK"));
            assertEquals(
                    "* SEARCH",
                    told.imap("SEARCH ALL").stream()
                            .filter(line -> line.startsWith("* SEARCH"))
                            .findFirst()
                            .orElseThrow());
        }
    }

    /** RFC 5465 §3.1, §5.8 */
    @Test
    void tooManyMailboxesAreRefusedAtTheBoundAndBeyondItLater() {
        Account account = server.createAccount("many@example.com");
        String insert = "insert into mailbox (account_id, mailbox_id, name, uid_validity) select " + account.accountId()
                + ", nextval('mailbox_id_seq'), 'm' || n, 1 from generate_series(%d, %d) n";
        try (TestClient told = server.login("many@example.com");
                TestClient doer = server.login("many@example.com")) {
            int there = told.imap("LIST \"\" *").size() - 1;
            TestMail.sql(server, insert.formatted(1, AccountNews.MAX_MAILBOXES - there));
            assertEquals(
                    "OK",
                    told.imap("NOTIFY SET (PERSONAL (MessageNew MessageExpunge))")
                            .get(0)
                            .substring(0, 2));
            doer.imap("CREATE Another");
            assertTrue(told.line().startsWith("* OK [NOTIFICATIONOVERFLOW] "));
            assertTrue(told.imap("NOTIFY SET (PERSONAL (MessageNew MessageExpunge))")
                    .get(0)
                    .startsWith("NO [NOTIFICATIONOVERFLOW] "));
            assertTrue(told.imap("NOTIFY SET (SELECTED (MessageNew MessageExpunge))")
                    .get(0)
                    .startsWith("OK"));
        }
    }
}
