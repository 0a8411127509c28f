package io.postrider.pop3;

import static io.postrider.pop3.Pop3Server.login;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.ResourceLeakDetector;
import io.postrider.testkit.TestClient;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A big message and a big maildrop take little memory. */
class Pop3LargeMaildropTest {
    private static final int MESSAGES = 100_000;
    private static final int MAX_SNAPSHOT = 6 << 20;
    private static final int MAX_HEAP_GROWTH = 12 << 20;

    private static TestDatabase database;
    private static Pop3Server server;
    private static int port;

    private static ResourceLeakDetector.Level leakDetection;

    @BeforeAll
    static void start() {
        // A stack trace for each field of each of 100,000 rows takes longer than a client waits.
        leakDetection = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        database = TestDatabase.create();
        server = new Pop3Server(database);
        server.domain();
        port = server.listen(Pop3Limits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        ResourceLeakDetector.setLevel(leakDetection);
        server.close();
        database.close();
    }

    @Test
    void fiftyMegabytesGoOutToASlowClientInLittleMemory() throws InterruptedException {
        String line = "0123456789".repeat(7) + "\r\n";
        byte[] lines = line.repeat(1000).getBytes();
        Buffer message = Buffer.buffer("Subject: big\r\n\r\n");
        for (int i = 0; i < 700; i++) {
            message.appendBytes(lines);
        }
        int size = message.length();
        server.account("big@example.com");
        server.append("big@example.com", message);
        message = null;
        try (TestClient client = login(port, "big@example.com")) {
            long before = liveHeap();
            client.send("RETR 1");
            assertEquals("+OK " + size + " octets", client.line());
            Thread.sleep(1000); // as much as goes into the sockets is underway now, and no more
            long growth = liveHeap() - before;
            assertTrue(growth < MAX_HEAP_GROWTH, growth + " octets more heap for a client that does not read");
            client.line();
            client.line();
            for (int i = 0; i < 700_000; i++) {
                assertEquals(line.length() - 2, client.line().length());
            }
            assertEquals(".", client.line());
            client.send("TOP 1 1");
            assertEquals("+OK " + size + " octets", client.line());
            assertEquals(List.of("Subject: big", "", line.strip(), "."), client.linesUntil(l -> l.equals(".")));
        }
    }

    @Test
    void aHundredThousandMessagesAreSeenInLittleMemory() {
        server.account("hoard@example.com");
        server.append("hoard@example.com", "Subject: x\r\n\r\n");
        database.execute(
                "insert into message (account_id, mailbox_id, uid, modseq, flags, internal_date, save_date, size,"
                        + " content_id) select account_id, mailbox_id, uid + n, modseq, flags, internal_date, save_date, size,"
                        + " content_id from message, generate_series(1, " + (MESSAGES - 1) + ") n"
                        + " where account_id = (select account_id from account where address = 'hoard@example.com');"
                        + " update mailbox set messages = " + MESSAGES + ", unseen = " + MESSAGES + ", uid_next = "
                        + (MESSAGES + 1)
                        + ", octets = octets * " + MESSAGES
                        + " where name = 'INBOX' and account_id = (select account_id from account where address ="
                        + " 'hoard@example.com')");
        database.execute("analyze"); // as autovacuum does when so much has changed
        long before = liveHeap();
        try (TestClient client = login(port, "hoard@example.com")) {
            long growth = liveHeap() - before;
            assertTrue(growth < MAX_SNAPSHOT, growth + " octets for the snapshot");
            client.send("STAT");
            assertEquals("+OK " + MESSAGES + " " + 14L * MESSAGES, client.line());
            client.sendRaw("UIDL\r\nLIST\r\n");
            assertEquals("+OK " + MESSAGES + " messages", client.line());
            assertEquals(
                    MESSAGES + 1, client.linesUntil(line -> line.equals(".")).size());
            assertEquals("+OK " + MESSAGES + " messages", client.line());
            assertEquals(
                    MESSAGES + 1, client.linesUntil(line -> line.equals(".")).size());
            client.sendRaw("RETR " + MESSAGES + "\r\nDELE " + MESSAGES + "\r\nSTAT\r\n");
            assertEquals("+OK 14 octets", client.line());
            assertEquals(3, client.linesUntil(line -> line.equals(".")).size());
            assertEquals("+OK Goes at QUIT", client.line());
            assertEquals("+OK " + (MESSAGES - 1) + " " + 14L * (MESSAGES - 1), client.line());
        }
    }

    private static long liveHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
