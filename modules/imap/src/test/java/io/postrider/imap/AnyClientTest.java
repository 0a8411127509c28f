package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all clients lean on, and what has hurt other servers. */
class AnyClientTest extends ClientStory {
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
        long before = status("INBOX", "HIGHESTMODSEQ");
        List<String> examined = client.imap("EXAMINE INBOX");
        assertTrue(examined.contains("* 2 RECENT"), examined.toString());
        client.imap("FETCH 1:2 (BODY[] RFC822 RFC822.TEXT)");
        client.imap("UNSELECT");
        assertEquals(before, status("INBOX", "HIGHESTMODSEQ"));
        assertEquals(1, status("INBOX", "UNSEEN"));
        assertEquals(2, status("INBOX", "RECENT"));
    }

    @Test
    void statusOfTheSelectedMailboxIsAnswered() {
        TestMail.fill(client, "INBOX", 2);
        client.imap("SELECT INBOX");
        assertEquals(
                "* STATUS INBOX (MESSAGES 2)",
                client.imap("STATUS INBOX (MESSAGES)").get(0));
    }

    @Test
    void clientsNeedNotAskWhatTheServerCanDo() {
        try (TestClient fresh = TestClient.connect(server.port())) {
            assertStarts("* OK [CAPABILITY IMAP4rev1 ", fresh.line());
            assertStarts("OK [CAPABILITY IMAP4rev1 ", last(fresh.imap("LOGIN " + address + " " + ImapServer.PASSWORD)));
            assertStarts("* CAPABILITY IMAP4rev1 ", fresh.imap("CAPABILITY").get(0));
        }
    }

    /** Stalwart 0.16.17 sent it raw, and clients that had not enabled UTF8=ACCEPT fell over it. */
    @Test
    void whoHasNotEnabledUtf8SeesNoRawUtf8InAnyEnvelope() {
        String message = new String(
                TestMail.lines(
                                "From: Jürgen <jürgen@example.com>",
                                "Subject: Grüße",
                                "Content-Type: text/plain; charset=utf-8; name=\"größe.txt\"",
                                "Content-Disposition: attachment; filename=\"größe.txt\"",
                                "Content-Description: Größe",
                                "",
                                "x")
                        .getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1);
        TestMail.append(client, "INBOX", "", message);
        client.imap("SELECT INBOX");
        for (String line : client.imap("FETCH 1 (ENVELOPE BODYSTRUCTURE BODY)")) {
            assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 127), line);
        }
    }

    /** Other servers ran out of memory or stack over mail that contains mail that contains mail. */
    @ParameterizedTest
    @ValueSource(strings = {"message/rfc822", "multipart/mixed; boundary=b"})
    void aMailThatHoldsItselfOverAndOverIsAMailLikeAnyOther(String type) {
        String layer = "Content-Type: " + type + "\r\n\r\n" + (type.startsWith("multi") ? "--b\r\n" : "");
        TestMail.append(client, "INBOX", "", layer.repeat(20_000));
        client.imap("SELECT INBOX");
        List<String> answer = client.imap("FETCH 1 (ENVELOPE BODYSTRUCTURE RFC822.SIZE)");
        assertStarts("* 1 FETCH (ENVELOPE ", answer.get(0));
        assertStarts("OK", last(answer));
        assertEquals("* SEARCH", client.imap("SEARCH BODY nothing").get(0));
    }

    /** Underflow of an unsigned sum read as 18 exabytes; a MOVE set it to nothing. */
    @Test
    void quotaDoesNotDriftWhateverIsDoneWithMail() {
        server.database()
                .execute("update account set octet_limit = 1048576, message_limit = 100 where account_id = "
                        + account.accountId());
        TestMail.fill(client, "INBOX", 6);
        String full = client.imap("GETQUOTA \"\"").get(0);
        assertTrue(full.contains("MESSAGE 6 100"), full);
        client.imap("CREATE Work");
        client.imap("SELECT INBOX");
        client.imap("MOVE 1:4 Work");
        assertEquals(full, client.imap("GETQUOTA \"\"").get(0));
        client.imap("RENAME Work Archive/Work");
        assertEquals(full, client.imap("GETQUOTA \"\"").get(0));
        client.imap("RENAME INBOX Old");
        assertEquals(full, client.imap("GETQUOTA \"\"").get(0));
        client.imap("SELECT Archive/Work");
        client.imap("COPY 1:2 INBOX");
        assertTrue(client.imap("GETQUOTA \"\"").get(0).contains("MESSAGE 8 100"));
        client.imap("STORE 1:* +FLAGS.SILENT (\\Deleted)");
        client.imap("CLOSE");
        client.imap("DELETE Archive/Work");
        client.imap("DELETE Old");
        client.imap("SELECT INBOX");
        client.imap("STORE 1:* +FLAGS.SILENT (\\Deleted)");
        client.imap("EXPUNGE");
        String empty = client.imap("GETQUOTA \"\"").get(0);
        assertTrue(empty.contains("STORAGE 0 1024") && empty.contains("MESSAGE 0 100"), empty);
    }

    /** A reply that waits in the compressor is a client that waits for ever. */
    @Test
    void compressedRepliesComeAtOnce() {
        client.imap("COMPRESS DEFLATE");
        client.compress();
        for (int i = 0; i < 20; i++) {
            assertEquals("OK NOOP completed", client.imap("NOOP").get(0));
        }
    }

    /** It only answered NO, and the client tried again for ever. */
    @Test
    void fetchOfAMessageThatHasGoneIsNoFailure() {
        TestMail.fill(client, "INBOX", 1);
        client.imap("SELECT INBOX");
        assertEquals(List.of("OK FETCH completed"), client.imap("UID FETCH 77 (BODY[])"));
    }

    /** nc ends its lines with a bare LF. */
    @Test
    void whoTypesByHandIsUnderstood() {
        client.sendRaw("a1 SELECT INBOX\na2 IDLE\nDONE\na3 NOOP\n");
        untilOk("a1");
        assertEquals("+ idling", client.line());
        assertStarts("a2 OK", client.line());
        assertStarts("a3 OK", client.line());
    }
}
