package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Messages larger than what is kept in memory. */
class LargeFetchTest {
    private static final int IOS_CHUNK = 393_216;
    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d+)}");

    private static ImapServer server;
    private static byte[] message;

    @BeforeAll
    static void start() {
        server = ImapServer.start();
        server.createAccount("large@example.com");
        message = large(20 << 20);
        try (TestClient client = server.login("large@example.com")) {
            TestMail.append(client, "INBOX", "", new String(message, StandardCharsets.ISO_8859_1));
            TestMail.append(client, "INBOX", "", TestMail.numbered(2));
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void iosReadsByChunksUntilItHasReadPastTheEnd() {
        try (TestClient client = server.login("large@example.com")) {
            client.imap("SELECT INBOX");
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] chunk;
            do {
                client.send("f UID FETCH 1 (UID BODY.PEEK[]<" + all.size() + "." + IOS_CHUNK + ">)");
                chunk = literal(client, "* 1 FETCH (UID 1 BODY[]<" + all.size() + "> ");
                all.writeBytes(chunk);
                client.linesUntil(line -> line.equals("f OK FETCH completed"));
            } while (chunk.length > 0);
            assertArrayEquals(message, all.toByteArray());
        }
    }

    @Test
    void wholeMessageComesInOneLiteralAndTheNextFollows() {
        try (TestClient client = server.login("large@example.com")) {
            client.imap("EXAMINE INBOX");
            client.send("f FETCH 1:2 (BODY[] UID)");
            assertArrayEquals(message, literal(client, "* 1 FETCH (BODY[] "));
            assertEquals(" UID 1)", client.line());
            assertEquals(
                    TestMail.numbered(2), new String(literal(client, "* 2 FETCH (BODY[] "), StandardCharsets.US_ASCII));
            assertEquals(" UID 2)", client.line());
            assertEquals("f OK FETCH completed", client.line());
        }
    }

    @Test
    void partsAndHeadersFarBehindTheFirstOctetsAreFound() {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        try (TestClient client = server.login("large@example.com")) {
            client.imap("EXAMINE INBOX");
            client.send("f FETCH 1 (BODY[2] BODY[3.HEADER.FIELDS (Subject)] BODY[3.TEXT]<2.5> BODY[1]<0.4>)");
            int second = text.indexOf("AAAA");
            int end = text.indexOf("\r\n--b\r\nContent-Type: message/rfc822");
            assertArrayEquals(Arrays.copyOfRange(message, second, end), literal(client, "* 1 FETCH (BODY[2] "));
            assertEquals(" BODY[3.HEADER.FIELDS (Subject)] {23}", client.line());
            assertEquals("Subject: far behind", client.line());
            assertEquals("", client.line());
            assertEquals(" BODY[3.TEXT]<2> {5}", client.line());
            assertEquals("e end BODY[1]<0> {4}", client.line());
            assertEquals("Text)", client.line());
            assertEquals("f OK FETCH completed", client.line());
        }
    }

    @Test
    void aMessageMadeOfLargeOnesHoldsTheirOctets() {
        String part = new String(message, StandardCharsets.ISO_8859_1)
                .substring(indexOf("AAAA"), indexOf("\r\n--b\r\nContent-Type: message/rfc822"));
        try (TestClient client = server.login("large@example.com")) {
            client.sendRaw("c APPEND Drafts CATENATE (URL \"/INBOX/;UID=1\" TEXT {7+}\r\nbetween"
                    + " URL \"/INBOX/;UID=1/;SECTION=2\")\r\n");
            assertTrue(client.line().startsWith("c OK [APPENDUID "));
            client.imap("SELECT Drafts");
            client.sendRaw("r REPLACE 1 Drafts CATENATE (TEXT {4+}\r\nnew: URL \"/Drafts/;UID=1\")\r\n");
            client.linesUntil(line -> line.startsWith("r OK"));
            client.send("f FETCH 1 BODY.PEEK[]");
            String whole = "new:" + new String(message, StandardCharsets.ISO_8859_1) + "between" + part;
            assertEquals(whole, new String(literal(client, "* 1 FETCH (BODY[] "), StandardCharsets.ISO_8859_1));
        }
    }

    private static int indexOf(String text) {
        return new String(message, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    @Test
    void clientsThatDoNotReadHoldNobodyUp() {
        List<TestClient> stuck = new ArrayList<>();
        try (TestClient client = server.login("large@example.com")) {
            for (int i = 0; i < 60; i++) {
                TestClient lazy = server.login("large@example.com");
                lazy.imap("EXAMINE INBOX");
                lazy.send("f FETCH 1 BODY[]");
                stuck.add(lazy);
            }
            client.imap("SELECT INBOX");
            for (int i = 0; i < 50; i++) {
                client.imap("STORE 2 FLAGS (k" + i % 3 + ")");
                client.imap("NOOP");
            }
            // And who begins to read gets all of it.
            assertArrayEquals(message, literal(stuck.get(7), "* 1 FETCH (BODY[] "));
        } finally {
            stuck.forEach(TestClient::close);
        }
    }

    private static byte[] literal(TestClient client, String head) {
        String line = client.line();
        if (line.equals(head + "\"\")")) {
            return new byte[0];
        }
        Matcher matcher = LITERAL.matcher(line);
        assertTrue(matcher.matches() && line.startsWith(head + "{"), line);
        return client.octets(Integer.parseInt(matcher.group(1)));
    }

    private static byte[] large(int octets) {
        StringBuilder text = new StringBuilder(octets + 1000);
        text.append("From: a@example.com\r\nSubject: large\r\nMIME-Version: 1.0\r\n")
                .append("Content-Type: multipart/mixed; boundary=b\r\n\r\n")
                .append("--b\r\n\r\nText\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n");
        for (int i = 0; text.length() < octets; i++) {
            text.append("AAAA line ").append(i).append(" of many, none like another\r\n");
        }
        text.append("\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n")
                .append("Subject: far behind\r\nTo: b@example.com\r\n\r\nThe end of it\r\n--b--\r\n");
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
