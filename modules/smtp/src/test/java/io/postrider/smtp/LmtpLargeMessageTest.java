package io.postrider.smtp;

import static io.postrider.smtp.LmtpServer.hello;
import static io.postrider.smtp.LmtpTest.transaction;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** 50 MB go through in little memory. */
class LmtpLargeMessageTest {
    private static final int LINES = 700_000;
    private static final int MAX_HEAP_GROWTH = 12 << 20;

    @Test
    void fiftyMegabytesAreNotHeldInMemory() throws Exception {
        try (LmtpServer server = new LmtpServer()) {
            server.account("big@example.com", 0);
            int port = server.listen(LmtpLimits.DEFAULT);
            try (TestClient client = hello(port)) {
                transaction(client, "<a@b.example>", "<big@example.com>");
                client.send("DATA").line();
                client.sendRaw("Subject: big\r\nContent-Type: application/octet-stream\r\n\r\n");
                MessageDigest sent = MessageDigest.getInstance("SHA-256");
                byte[] lines = lines(1000);
                long before = liveHeap();
                for (int i = 0; i < LINES / 1000; i++) {
                    client.sendRaw(lines);
                    sent.update(lines);
                    if (i == LINES / 1000 * 9 / 10) {
                        Thread.sleep(300);
                        long growth = liveHeap() - before;
                        assertTrue(growth < MAX_HEAP_GROWTH, growth + " octets more heap in the middle of it");
                    }
                }
                client.sendRaw(".\r\n");
                assertEquals("250 2.0.0 Delivered", client.line());
                byte[] kept = server.inbox("big@example.com").get(0).getBytes(StandardCharsets.ISO_8859_1);
                byte[] body = Arrays.copyOfRange(kept, kept.length - lines.length * (LINES / 1000), kept.length);
                assertTrue(MessageDigest.isEqual(
                        sent.digest(), MessageDigest.getInstance("SHA-256").digest(body)));
            }
        }
    }

    private static byte[] lines(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(String.format("%010d", i))
                    .append("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2")
                    .append("\r\n");
        }
        return lines.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static long liveHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
