package io.postrider.pop3;

import static io.postrider.pop3.Pop3Server.login;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database fails, or the client goes: nothing is half said, and nothing goes that was not to go. */
class Pop3FailureTest {
    private TestDatabase database;
    private Pop3Server server;
    private int port;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        server = new Pop3Server(database);
        server.domain();
        port = server.listen(Pop3Limits.DEFAULT);
        server.account("alice@example.com");
        server.append("alice@example.com", "Subject: one\r\n\r\n");
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    @Test
    void withoutADatabaseCommandsSayTryAgain() {
        try (TestClient client = login(port, "alice@example.com");
                TestClient another = TestClient.connect(port)) {
            another.line();
            client.send("DELE 1").line();
            database.close();
            client.send("RSET").line();
            client.send("RETR 1");
            assertTrue(client.line().startsWith("-ERR [SYS/TEMP] "));
            client.send("DELE 1");
            assertEquals("+OK Goes at QUIT", client.line());
            another.send("AUTH PLAIN " + Pop3Test.plain("bob@example.com"));
            assertTrue(another.line().startsWith("-ERR [SYS/TEMP] "));
            client.send("QUIT");
            assertTrue(client.line().startsWith("-ERR [SYS/TEMP] "));
            assertEquals("", client.expectClosed());
        }
    }

    @Test
    void aQuitThatCouldNotDeleteSaysSo() {
        try (TestClient client = login(port, "alice@example.com")) {
            client.send("DELE 1").line();
            database.execute("alter table message rename to elsewhere");
            client.send("QUIT");
            assertTrue(client.line().startsWith("-ERR [SYS/TEMP] "));
            assertEquals("", client.expectClosed());
        }
        database.execute("alter table elsewhere rename to message");
        assertEquals(1, server.messages("alice@example.com"));
    }

    @Test
    void aMessageThatCannotBeFinishedIsCutAndNotEnded() {
        server.append(
                "alice@example.com",
                Buffer.buffer("Subject: long\r\n\r\n" + ("x".repeat(998) + "\r\n").repeat(20_000)));
        database.execute("delete from chunk where n = 100");
        try (TestClient client = login(port, "alice@example.com")) {
            client.send("RETR 2");
            assertTrue(client.line().startsWith("+OK "));
            String received = client.expectClosed();
            assertTrue(received.startsWith("Subject: long"));
            assertFalse(received.endsWith("\r\n.\r\n"));
        }
    }

    @Test
    void aClientThatGoesInTheMiddleOfAMessageLeavesTheMaildropFree() throws InterruptedException {
        server.append(
                "alice@example.com",
                Buffer.buffer("Subject: long\r\n\r\n" + ("x".repeat(998) + "\r\n").repeat(30_000)));
        TestClient going = login(port, "alice@example.com");
        going.send("DELE 1").line();
        going.send("RETR 2").line();
        going.close();
        for (int i = 0; ; i++) {
            try (TestClient client = login(port, "alice@example.com")) {
                client.send("STAT");
                assertTrue(client.line().startsWith("+OK 2 "));
                return;
            } catch (IllegalStateException inUse) {
                assertTrue(i < 100, inUse.getMessage());
                Thread.sleep(50);
            }
        }
    }

    @Test
    void aClientThatFloodsASlowServerIsNotReadFrom() throws InterruptedException {
        long flood = 60L << 20;
        AtomicLong sent = new AtomicLong();
        Thread lock = new Thread(() ->
                database.execute("begin; lock table content in access exclusive mode; select pg_sleep(3); commit"));
        try (TestClient client = login(port, "alice@example.com")) {
            lock.start();
            Thread.sleep(300);
            client.send("RETR 1");
            new Thread(() -> flood(client, sent, flood)).start();
            Thread.sleep(1500);
            assertTrue(sent.get() < flood / 2, sent.get() + " octets were taken while one command ran");
            assertEquals("+OK 16 octets", client.line());
        }
        lock.join();
    }

    private static void flood(TestClient client, AtomicLong sent, long octets) {
        byte[] commands = "NOOP\r\n".repeat(1000).getBytes();
        try {
            while (sent.get() < octets) {
                client.sendRaw(commands);
                sent.addAndGet(commands.length);
            }
        } catch (java.io.UncheckedIOException closed) {
            // By the test, once it has seen enough.
        }
    }
}
