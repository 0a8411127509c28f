package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.TlsContexts;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COMPRESS=DEFLATE with much data and with nonsense; the rest is in {@code compress.imap}. RFC 4978 */
class CompressionTest {
    private static ImapServer plain;
    private static ImapServer tls;

    @BeforeAll
    static void start(@TempDir Path directory) {
        TestCertificate certificate = TestCertificate.create(directory, "localhost");
        plain = ImapServer.start();
        tls = ImapServer.start(
                ImapLimits.DEFAULT,
                ListenerOptions.loopback("imaps", Tls.IMPLICIT),
                TlsContexts.load(certificate.certificate(), certificate.key()));
    }

    @AfterAll
    static void stop() {
        plain.close();
        tls.close();
    }

    @Test
    void withinTls() {
        tls.createAccount("compress@example.com");
        try (TestClient client = TestClient.connectTls(tls.port())) {
            client.line();
            client.imap("LOGIN compress@example.com " + ImapServer.PASSWORD);
            client.imap("COMPRESS DEFLATE");
            client.compress();
            assertEquals("OK NOOP completed", client.imap("NOOP").get(0));
            byte[] noise = new byte[600_000];
            new Random(4978).nextBytes(noise);
            client.send("a APPEND INBOX ~{" + noise.length + "}");
            assertTrue(client.line().startsWith("+ "));
            client.sendRaw(noise).sendRaw("\r\n");
            assertTrue(client.line().startsWith("a OK"));
            client.imap("SELECT INBOX");
            client.send("b FETCH 1 BINARY.PEEK[]");
            assertEquals("* 1 FETCH (BINARY[] ~{" + noise.length + "}", client.line());
            assertArrayEquals(noise, client.octets(noise.length));
        }
    }

    @Test
    void whoReadsNothingIsNotInflatedFurther() {
        plain.createAccount("bomb@example.com");
        try (TestClient client = plain.login("bomb@example.com")) {
            client.imap("COMPRESS DEFLATE");
            client.compress();
            // Some 480 KB of commands in a few packets, each with a reply that the client does not take meanwhile.
            String commands = "t NOOP\r\n".repeat(1000);
            for (int i = 0; i < 60; i++) {
                client.sendRaw(commands);
            }
            client.send("last NOOP");
            client.linesUntil(line -> line.startsWith("last OK"));
        }
    }

    @Test
    void plainTextBehindCompressEndsTheConnection() {
        plain.createAccount("nonsense@example.com");
        try (TestClient client = plain.login("nonsense@example.com")) {
            client.imap("COMPRESS DEFLATE");
            client.sendRaw("a NOOP\r\nb NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
            client.expectClosed();
        }
    }
}
