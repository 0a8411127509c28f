package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thunderbird, and K-9, which is its version for Android. */
class ThunderbirdClientsTest extends ClientStory {
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
    void thunderbirdIdlesInFiveMailboxesAtOnceAndHearsOfEach() {
        List<TestClient> sessions = new ArrayList<>();
        try {
            for (String mailbox : List.of("INBOX", "Drafts", "Sent", "Junk", "Trash")) {
                TestClient session = server.login(address);
                sessions.add(session);
                session.imap("SELECT " + mailbox);
                session.send("i IDLE");
                assertEquals("+ idling", session.line());
            }
            for (String mailbox : List.of("Trash", "Junk", "Sent", "Drafts", "INBOX")) {
                TestMail.append(client, mailbox, "", TestMail.numbered(1));
            }
            for (TestClient session : sessions) {
                assertEquals("* 1 EXISTS", session.line());
            }
        } finally {
            sessions.forEach(TestClient::close);
        }
    }

    /** A list whose end never came made it ask for the same chunk for ever. */
    @Test
    void thunderbirdReadsAMessageByChunksAndComesToItsEnd() {
        String message = TestMail.numbered(1);
        TestMail.append(client, "INBOX", "", message);
        client.imap("SELECT INBOX");
        StringBuilder read = new StringBuilder();
        for (int at = 0; at <= message.length(); at += 50) {
            client.send("t UID FETCH 1 (UID RFC822.SIZE BODY.PEEK[]<" + at + ".50>)");
            String line = client.line();
            assertStarts("* 1 FETCH (UID 1 RFC822.SIZE " + message.length() + " BODY[]<" + at + "> {", line);
            int octets = Integer.parseInt(line.replaceAll(".*\\{(\\d+)}", "$1"));
            read.append(new String(client.octets(octets), StandardCharsets.US_ASCII));
            assertEquals(")", client.line());
            assertStarts("t OK", client.line());
        }
        assertEquals(message, read.toString());
        assertTrue(client.imap("UID FETCH 1 BODY.PEEK[]<" + message.length() + ".50>")
                .get(0)
                .endsWith("> \"\")"));
    }

    @Test
    void thunderbirdPutsASeparatorBehindTheName() {
        assertStarts("OK", last(client.imap("CREATE Work/")));
        assertStarts("OK", last(client.imap("SUBSCRIBE Work/")));
        assertEquals(
                "* LSUB (\\HasNoChildren) \"/\" Work",
                client.imap("LSUB \"\" Work").get(0));
        assertStarts("OK", last(client.imap("SELECT Work/")));
    }

    /** It subscribes what it has just made, while its other session is told of it. */
    @Test
    void thunderbirdSubscribesWhatItHasJustMadeWhileAnotherSessionHearsOfBoth() {
        try (TestClient other = server.login(address)) {
            other.imap("NOTIFY SET (PERSONAL (MailboxName SubscriptionChange))");
            client.sendRaw("a1 CREATE New\r\na2 SUBSCRIBE New\r\na3 RENAME New Newer\r\na4 SUBSCRIBE Newer\r\n");
            untilOk("a4");
            List<String> heard = other.linesUntil(line -> line.contains(" Newer") && line.contains("\\Subscribed"));
            assertStarts("* LIST ", last(heard));
            assertStarts("OK", last(other.imap("NOOP")));
        }
    }

    /** It stops synchronising at a NIL where a number must be, and at an envelope without a From. */
    @Test
    void k9FindsANumberForEverySizeAndAnEnvelopeForEveryMail() {
        List<String> messages = List.of(
                "From: \r\n\r\n",
                "From: <<>>@,;:\r\nTo: undisclosed-recipients:;\r\n\r\nx",
                "Subject: no from\r\n\r\n",
                "\r\n",
                "x",
                "Content-Type: multipart/mixed\r\n\r\nno boundary",
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n",
                "Content-Type: message/rfc822\r\n\r\n",
                "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\neA==",
                "Content-Type: text\r\n\r\nx",
                "Content-Type: ;;;\r\nContent-Transfer-Encoding: \r\n\r\nx");
        messages.forEach(message -> TestMail.append(client, "INBOX", "", message));
        client.imap("SELECT INBOX");
        List<String> fetched = client.imap("FETCH 1:* (BODYSTRUCTURE)");
        for (int i = 0; i < messages.size(); i++) {
            String structure = fetched.get(i);
            // The size behind the encoding, and the lines behind that of a text.
            assertTrue(structure.matches("(?i).*\"(7bit|8bit|binary|base64|quoted-printable)\" \\d+.*"), structure);
            assertFalse(structure.matches("(?i).*\"text\" \"\\w+\" \\S+ \\S+ \\S+ \\S+ (\\d+ NIL|NIL).*"), structure);
        }
        fetched = client.imap("FETCH 1:* (ENVELOPE)");
        for (int i = 0; i < messages.size(); i++) {
            assertStarts("* " + (i + 1) + " FETCH (ENVELOPE (", fetched.get(i));
        }
    }

    /** CLOSED where nothing was open, and no RECENT, made it show an empty INBOX. */
    @Test
    void k9SeesItsMessagesBecauseNothingIsSaidToBeClosedThatWasNotOpen() {
        TestMail.fill(client, "INBOX", 2);
        List<String> examined = client.imap("EXAMINE INBOX");
        assertTrue(examined.stream().noneMatch(line -> line.contains("[CLOSED]")), examined.toString());
        assertTrue(examined.contains("* 2 EXISTS") && examined.contains("* 2 RECENT"), examined.toString());
        assertEquals(
                "* OK [CLOSED] Previous mailbox closed",
                client.imap("EXAMINE Sent").get(0));
    }
}
