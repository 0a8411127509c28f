package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Large parts without their content transfer encoding, and NULs; the rest is in {@code binary.imap}. RFC 3516 */
class BinaryTest {
    private static ImapServer server;

    @BeforeAll
    static void start() {
        server = ImapServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aLargeAttachmentComesDecodedWithItsSizeAnnounced() {
        byte[] attachment = new byte[6_000_000];
        new Random(3516).nextBytes(attachment);
        String message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(attachment) + "\r\n--b--\r\n";
        server.createAccount("attachment@example.com");
        try (TestClient client = server.login("attachment@example.com")) {
            TestMail.append(client, "INBOX", "", message);
            client.imap("EXAMINE INBOX");
            client.send("f1 FETCH 1 (BINARY.SIZE[2] BINARY[2] UID)");
            assertEquals("* 1 FETCH (BINARY.SIZE[2] 6000000 BINARY[2] ~{6000000}", client.line());
            assertArrayEquals(attachment, client.octets(attachment.length));
            assertEquals(" UID 1)", client.line());
            assertEquals("f1 OK FETCH completed", client.line());
            client.send("f2 FETCH 1 (BINARY[2]<5000000.70000> BINARY[2]<5999999.9> BINARY[2]<6000000.9>)");
            byte[] part = Arrays.copyOfRange(attachment, 5_000_000, 5_070_000);
            assertEquals("* 1 FETCH (BINARY[2]<5000000> ~{70000}", client.line());
            assertArrayEquals(part, client.octets(part.length));
            assertTrue(client.line().startsWith(" BINARY[2]<5999999> {1}"));
            assertEquals(attachment[5_999_999], client.octets(1)[0]);
            assertEquals(" BINARY[2]<6000000> \"\")", client.line());
            assertEquals("f2 OK FETCH completed", client.line());
        }
    }

    @Test
    void aLargeMessageWithNulsComesAsItWasSentAndWithoutThemToOthers() {
        byte[] sent = ("Subject: nul\r\nContent-Transfer-Encoding: binary\r\n\r\n" + "x\0y".repeat(200_000))
                .getBytes(StandardCharsets.US_ASCII);
        String plain = new String(sent, StandardCharsets.ISO_8859_1).replace('\0', '\u0080');
        server.createAccount("nul@example.com");
        try (TestClient client = server.login("nul@example.com")) {
            client.send("a1 APPEND INBOX ~{" + sent.length + "}");
            assertTrue(client.line().startsWith("+ "));
            client.sendRaw(sent).sendRaw("\r\n");
            assertTrue(client.line().startsWith("a1 OK [APPENDUID "));
            client.imap("EXAMINE INBOX");
            client.send("f1 FETCH 1 (BINARY.PEEK[] BODY.PEEK[])");
            assertEquals("* 1 FETCH (BINARY[] ~{" + sent.length + "}", client.line());
            assertArrayEquals(sent, client.octets(sent.length));
            assertEquals(" BODY[] {" + sent.length + "}", client.line());
            assertEquals(plain, new String(client.octets(sent.length), StandardCharsets.ISO_8859_1));
            assertEquals(")", client.line());
        }
    }
}
