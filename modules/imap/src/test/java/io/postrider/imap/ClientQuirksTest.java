package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users of other servers have seen their clients do, with synchronising, mailboxes and reading. */
class ClientQuirksTest {
    private static final AtomicInteger ACCOUNTS = new AtomicInteger();

    private static ImapServer server;

    private String address;
    private TestClient client;

    @BeforeAll
    static void startServer() {
        server = ImapServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void login() {
        address = "c" + ACCOUNTS.incrementAndGet() + "@example.com";
        server.createAccount(address);
        client = server.login(address);
    }

    @AfterEach
    void close() {
        client.close();
    }

    private static String last(List<String> answer) {
        return answer.get(answer.size() - 1);
    }

    private static void assertStarts(String expected, String line) {
        assertTrue(line.startsWith(expected), line);
    }

    @Test
    void iosSeesTheInboxOfAServerThatOffersBothVersions() {
        TestMail.fill(client, "INBOX", 3);
        assertTrue(client.imap("CAPABILITY").get(0).contains(" IMAP4rev1 IMAP4rev2 "));
        // It enables nothing, so all must be as RFC 3501 has it.
        List<String> selected = client.imap("SELECT INBOX");
        assertTrue(selected.contains("* 3 EXISTS"), selected.toString());
        assertTrue(selected.contains("* 3 RECENT"), selected.toString());
        assertTrue(selected.stream().noneMatch(line -> line.startsWith("* LIST")), selected.toString());
        assertEquals("* SEARCH 1 2 3", client.imap("UID SEARCH 1:* NOT DELETED").get(0));
        client.imap("CREATE &Jjo-");
        assertEquals(
                "* LIST (\\HasNoChildren) \"/\" &Jjo-",
                client.imap("LIST \"\" &Jjo-").get(0));
    }

    @Test
    void outlookMeansTheLastMessageBy4294967295() {
        TestMail.fill(client, "INBOX", 3);
        client.imap("SELECT INBOX");
        assertEquals(
                "* 3 FETCH (UID 3)", client.imap("UID FETCH 4294967295 UID").get(0));
        assertEquals(3, client.imap("UID FETCH 2:4294967295 UID").size());
        assertEquals("* 3 FETCH (UID 3)", client.imap("FETCH 4294967295 UID").get(0));
    }

    @Test
    void outlookFindsItsFoldersByLsubAndTheirUses() {
        List<String> subscribed = client.imap("LSUB \"\" *");
        assertTrue(subscribed.contains("* LSUB (\\HasNoChildren \\Sent) \"/\" Sent"), subscribed.toString());
        assertTrue(subscribed.contains("* LSUB (\\HasNoChildren \\Drafts) \"/\" Drafts"), subscribed.toString());
        assertTrue(subscribed.contains("* LSUB (\\HasNoChildren \\Trash) \"/\" Trash"), subscribed.toString());
    }

    @Test
    void outlookLosesNoMailUnderAParentThatIsNone() {
        client.imap("CREATE Projects/2026");
        // A parent made on the way is a mailbox like any other.
        assertStarts("OK [READ-WRITE]", last(client.imap("SELECT Projects")));
        client.imap("UNSELECT");
        TestMail.append(client, "Projects/2026", "", TestMail.numbered(1));
        assertStarts("OK", last(client.imap("DELETE Projects")));
        assertEquals(
                "* LIST (\\Noselect \\HasChildren) \"/\" Projects",
                client.imap("LIST \"\" Projects").get(0));
        assertTrue(client.imap("SELECT Projects/2026").contains("* 1 EXISTS"));
        assertStarts("NO [HASCHILDREN]", last(client.imap("DELETE Projects")));
        assertStarts("OK [MAILBOXID", last(client.imap("CREATE Projects")));
        assertTrue(client.imap("SELECT Projects/2026").contains("* 1 EXISTS"));
    }

    @Test
    void outlookForgetsNoFoldersWhileTheDatabaseFails() {
        TestMail.sql(server, "alter table mailbox rename to mailbox_away");
        try {
            assertStarts("NO", last(client.imap("LIST \"\" *")));
            assertStarts("NO", last(client.imap("LSUB \"\" *")));
        } finally {
            TestMail.sql(server, "alter table mailbox_away rename to mailbox");
        }
        assertTrue(client.imap("LIST \"\" *").size() > 5);
    }

    @Test
    void thunderbirdSendsNamesRawBehindEnableUtf8() {
        client.imap("ENABLE UTF8=ACCEPT");
        assertStarts("OK", last(client.imap("CREATE \"Q&A\"")));
        assertStarts("OK", last(client.imap("SELECT \"Q&A\"")));
        assertEquals(
                "* LIST (\\HasNoChildren) \"/\" Q&A",
                client.imap("LIST \"\" Q*").get(0));
        try (TestClient other = server.login(address)) {
            assertEquals(
                    "* LIST (\\HasNoChildren) \"/\" Q&-A",
                    other.imap("LIST \"\" Q*").get(0));
        }
    }

    @Test
    void thunderbirdGetsTheChunkItAskedFor() {
        TestMail.fill(client, "INBOX", 1);
        client.imap("SELECT INBOX");
        client.send("t UID FETCH 1 (UID BODY.PEEK[]<10.5>)");
        assertEquals("* 1 FETCH (UID 1 BODY[]<10> {5}", client.line());
        assertEquals(TestMail.numbered(1).substring(10, 15), new String(client.octets(5)));
        assertEquals(")", client.line());
        assertStarts("t OK", client.line());
    }

    @Test
    void fairEmailIsToldInboxInOneSpelling() {
        client.imap("SUBSCRIBE inbox");
        client.imap("CREATE iNbOx/sub");
        assertEquals(
                "* LIST (\\HasChildren) \"/\" INBOX",
                client.imap("LIST \"\" Inbox").get(0));
        assertEquals(
                "* STATUS INBOX (MESSAGES 0)",
                client.imap("STATUS inbox (MESSAGES)").get(0));
        assertEquals(
                "* LSUB (\\HasChildren) \"/\" INBOX",
                client.imap("LSUB \"\" InBoX").get(0));
        assertEquals(
                "* LIST (\\HasNoChildren) \"/\" INBOX/sub",
                client.imap("LIST \"\" inbox/%").get(0));
    }

    @Test
    void mbsyncMayTrustUidNextAndAppendUid() {
        client.imap("SELECT INBOX");
        for (int uid = 1; uid <= 3; uid++) {
            assertEquals(
                    "* STATUS INBOX (UIDNEXT " + uid + ")",
                    client.imap("STATUS INBOX (UIDNEXT)").get(0));
            String message = TestMail.numbered(uid);
            client.sendRaw("m APPEND INBOX {" + message.length() + "+}\r\n" + message + "\r\n");
            String tagged = last(client.linesUntil(line -> line.startsWith("m ")));
            assertTrue(tagged.matches("m OK \\[APPENDUID \\d+ " + uid + "].*"), tagged);
        }
    }

    @Test
    void imapsyncCountsTheSameBySearchBySelectAndBySize() {
        TestMail.fill(client, "INBOX", 5);
        client.imap("SELECT INBOX");
        client.imap("STORE 2 +FLAGS.SILENT (\\Deleted)");
        client.imap("EXPUNGE");
        assertTrue(client.imap("SELECT INBOX").contains("* 4 EXISTS"));
        assertEquals("* SEARCH 1 3 4 5", client.imap("UID SEARCH ALL").get(0));
        long sum = client.imap("UID FETCH 1:* RFC822.SIZE").stream()
                .filter(line -> line.contains("RFC822.SIZE"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*RFC822.SIZE (\\d+).*", "$1")))
                .sum();
        assertEquals(
                "* STATUS INBOX (SIZE " + sum + ")",
                client.imap("STATUS INBOX (SIZE)").get(0));
    }

    @Test
    void imapsyncSendsSetsOf60000Octets() {
        TestMail.fill(client, "INBOX", 3);
        client.imap("SELECT INBOX");
        String set = IntStream.rangeClosed(1, 12_000)
                .filter(n -> n % 2 == 1)
                .mapToObj(n -> String.format("%09d", n).replaceFirst("^0+", "10000"))
                .collect(Collectors.joining(","));
        assertTrue(set.length() > 50_000);
        assertEquals(
                "* 2 FETCH (UID 2)", client.imap("UID FETCH 2," + set + " UID").get(0));
    }

    @Test
    void fetchmailCountsAnExpungeForEachMessage() {
        TestMail.fill(client, "INBOX", 4);
        client.imap("SELECT INBOX");
        client.imap("STORE 1:3 +FLAGS.SILENT (\\Deleted)");
        assertEquals(
                List.of("* 3 EXPUNGE", "* 2 EXPUNGE", "* 1 EXPUNGE", "OK EXPUNGE completed"), client.imap("EXPUNGE"));
    }

    @Test
    void itemsComeInTheOrderAskedForAndTheUidFirst() {
        TestMail.fill(client, "INBOX", 1);
        client.imap("SELECT INBOX");
        assertTrue(client.imap("UID FETCH 1 (RFC822.SIZE FLAGS INTERNALDATE)")
                .get(0)
                .matches("\\* 1 FETCH \\(UID 1 RFC822.SIZE \\d+ FLAGS \\(.*\\) INTERNALDATE \".*\"\\)"));
        assertTrue(client.imap("FETCH 1 (INTERNALDATE UID FLAGS)")
                .get(0)
                .matches("\\* 1 FETCH \\(INTERNALDATE \".*\" UID 1 FLAGS \\(.*\\)\\)"));
    }

    @Test
    void copyAndMoveOfWhatIsNotThereAreNoFailure() {
        TestMail.fill(client, "INBOX", 2);
        client.imap("SELECT INBOX");
        assertEquals("OK COPY completed", last(client.imap("UID COPY 77 Trash")));
        assertEquals("OK MOVE completed", last(client.imap("UID MOVE 77:99 Trash")));
        assertStarts("OK [COPYUID ", last(client.imap("UID COPY 1 Trash")));
        // And once more: it is another copy, and no ALREADYEXISTS.
        assertStarts("OK [COPYUID ", last(client.imap("UID COPY 1 Trash")));
    }

    @Test
    void examineChangesNothing() {
        TestMail.fill(client, "INBOX", 2);
        long before = status("HIGHESTMODSEQ");
        List<String> examined = client.imap("EXAMINE INBOX");
        assertTrue(examined.contains("* 2 RECENT"), examined.toString());
        client.imap("FETCH 1:2 (BODY[] RFC822 RFC822.TEXT)");
        client.imap("UNSELECT");
        assertEquals(before, status("HIGHESTMODSEQ"));
        assertEquals(1, status("UNSEEN"));
        assertEquals(2, status("RECENT"));
    }

    @Test
    void statusOfTheSelectedMailboxIsAnswered() {
        TestMail.fill(client, "INBOX", 2);
        client.imap("SELECT INBOX");
        assertEquals(
                "* STATUS INBOX (MESSAGES 2)",
                client.imap("STATUS INBOX (MESSAGES)").get(0));
    }

    private long status(String item) {
        return Long.parseLong(
                client.imap("STATUS INBOX (" + item + ")").get(0).replaceAll(".*" + item + " (\\d+).*", "$1"));
    }
}
