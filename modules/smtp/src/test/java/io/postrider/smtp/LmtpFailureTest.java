package io.postrider.smtp;

import static io.postrider.smtp.LmtpServer.hello;
import static io.postrider.smtp.LmtpTest.transaction;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database is slow, fails, or is gone: mail waits with who sent it, and is never said to be here. */
class LmtpFailureTest {
    private LmtpServer server;
    private int port;

    @BeforeEach
    void start() {
        server = new LmtpServer();
        port = server.listen(LmtpLimits.DEFAULT);
        server.account("alice@example.com", 0);
        server.account("bob@example.com", 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void withoutADatabaseEachCommandSaysTryAgainAndTheConversationGoesOn() {
        try (TestClient client = hello(port)) {
            transaction(client, "<a@b.example>", "<alice@example.com>", "<bob@example.com>");
            client.send("DATA").line();
            client.sendRaw("Subject: lost?\r\n\r\n");
            server.database.close();
            client.sendRaw(".\r\n");
            assertTrue(client.line().startsWith("451 4.3.0 "));
            assertTrue(client.line().startsWith("451 4.3.0 "));
            client.send("MAIL FROM:<a@b.example>");
            assertEquals("250 2.1.0 Ok", client.line());
            client.send("RCPT TO:<alice@example.com>");
            assertTrue(client.line().startsWith("451 4.3.0 "));
            client.send("QUIT");
            assertEquals("221 2.0.0 Bye", client.line());
        }
    }

    @Test
    void aLargeMessageThatCannotBeKeptIsReadToItsEndAndRefused() {
        server.database.execute("alter table chunk rename to elsewhere");
        try (TestClient client = hello(port)) {
            transaction(client, "<a@b.example>", "<alice@example.com>", "<bob@example.com>");
            client.send("DATA").line();
            client.sendRaw("Subject: large\r\n\r\n");
            String lines = ("x".repeat(70) + "\r\n").repeat(1000);
            for (int i = 0; i < 50; i++) {
                client.sendRaw(lines);
            }
            client.sendRaw(".\r\nNOOP\r\n");
            assertTrue(client.line().startsWith("451 4.3.0 "));
            assertTrue(client.line().startsWith("451 4.3.0 "));
            assertEquals("250 2.0.0 Ok", client.line());
        }
        server.database.execute("alter table elsewhere rename to chunk");
        assertEquals(0, server.inbox("alice@example.com").size());
    }

    @Test
    void aClientThatFloodsASlowServerIsNotReadFrom() throws InterruptedException {
        long flood = 60L << 20;
        AtomicLong sent = new AtomicLong();
        try (TestClient client = hello(port)) {
            client.send("MAIL FROM:<a@b.example>").line();
            Thread lock = new Thread(() -> server.database.execute(
                    "begin; lock table address in access exclusive mode; select pg_sleep(3); commit"));
            lock.start();
            Thread.sleep(300);
            client.send("RCPT TO:<alice@example.com>");
            Thread flooding = new Thread(() -> flood(client, sent, flood));
            flooding.start();
            Thread.sleep(1500);
            assertTrue(sent.get() < flood / 2, sent.get() + " octets were taken while one command ran");
            assertEquals("250 2.1.5 Ok", client.line());
            client.socket().shutdownInput();
            lock.join();
            flooding.join(20_000);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        try (TestClient client = hello(port)) {
            client.send("NOOP");
            assertEquals("250 2.0.0 Ok", client.line());
        }
    }

    private static void flood(TestClient client, AtomicLong sent, long octets) {
        byte[] commands = "NOOP\r\n".repeat(1000).getBytes();
        try {
            while (sent.get() < octets) {
                client.sendRaw(commands);
                sent.addAndGet(commands.length);
            }
        } catch (java.io.UncheckedIOException sentAway) {
            // As it should be: 421.
        }
    }
}
