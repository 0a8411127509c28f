package io.postrider.smtp;

import static io.postrider.smtp.LmtpServer.hello;
import static io.postrider.smtp.LmtpTest.transaction;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ProtocolServer;
import io.postrider.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is said at each bound of LMTP, and that the conversation goes on where it can. */
class LmtpLimitsTest {
    private static final LmtpLimits LIMITS =
            new LmtpLimits(100, 2000, 100, 3, 120, 5, Duration.ofMinutes(5), true, false);

    private static LmtpServer server;
    private static int port;

    @BeforeAll
    static void start() {
        server = new LmtpServer();
        port = server.listen(LIMITS);
        for (int i = 0; i < 101; i++) {
            server.account("r" + i + "@example.com", 0);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aLineAsLongAsMayBeIsRead() {
        try (TestClient client = hello(port)) {
            client.send("NOOP " + "x".repeat(LIMITS.commandOctets() - 7));
            assertEquals("250 2.0.0 Ok", client.line());
            client.send("NOOP " + "x".repeat(LIMITS.commandOctets() - 6));
            assertEquals("500 5.5.2 Line too long", client.line());
            client.send("NOOP");
            assertEquals("250 2.0.0 Ok", client.line());
        }
    }

    @Test
    void aMessageAsBigAsMayBeIsTaken() {
        String longest = "Subject: x\r\n\r\n" + "y".repeat((int) LIMITS.messageOctets() - 16) + "\r\n";
        assertEquals(LIMITS.messageOctets(), longest.length());
        try (TestClient client = hello(port)) {
            transaction(client, "<a@b.example>", "<r0@example.com>", "<r1@example.com>");
            LmtpTest.data(client, longest);
            assertEquals("250 2.0.0 Delivered", client.line());
            assertEquals("250 2.0.0 Delivered", client.line());
            transaction(client, "<a@b.example>", "<r0@example.com>", "<r1@example.com>");
            LmtpTest.data(client, "z" + longest);
            assertEquals("552 5.3.4 Message too big", client.line());
            assertEquals("552 5.3.4 Message too big", client.line());
            transaction(client, "<a@b.example>", "<r0@example.com>");
            client.sendRaw("BDAT 1500\r\n" + longest.substring(0, 1500));
            assertEquals("250 2.0.0 1500 octets received", client.line());
            client.sendRaw("BDAT 501\r\n" + longest.substring(1499) + "BDAT 0 LAST\r\nNOOP\r\n");
            assertEquals("552 5.3.4 Message too big", client.line());
            assertEquals("552 5.3.4 Message too big", client.line());
            assertEquals("250 2.0.0 Ok", client.line());
        }
        assertEquals(1, server.inbox("r0@example.com").size());
    }

    @Test
    void theHundredAndFirstRecipientIsForAnotherTransaction() {
        try (TestClient client = hello(port)) {
            client.send("MAIL FROM:<a@b.example>").line();
            for (int i = 0; i < LIMITS.recipients(); i++) {
                client.send("RCPT TO:<r" + i + "@example.com>");
                assertEquals("250 2.1.5 Ok", client.line());
            }
            client.send("RCPT TO:<r100@example.com>");
            assertEquals("452 4.5.3 Too many recipients", client.line());
            LmtpTest.data(client, "Subject: all\r\n\r\n");
            for (int i = 0; i < LIMITS.recipients(); i++) {
                assertEquals("250 2.0.0 Delivered", client.line());
            }
        }
        assertTrue(server.inbox("r99@example.com").get(0).contains("\r\nDelivered-To: r99@example.com\r\n"));
        assertEquals(0, server.inbox("r100@example.com").size());
    }

    @Test
    void fewerThanAHundredRecipientsCannotBeConfigured() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new LmtpLimits(512, 65_536, 99, 1, 1, 1, Duration.ofMinutes(5), false, false));
    }

    @Test
    void afterSoManyTransactionsAConnectionHasDoneItsWork() {
        try (TestClient client = hello(port)) {
            for (int i = 0; i < LIMITS.transactions(); i++) {
                transaction(client, "<a@b.example>", "<r2@example.com>");
                client.send("RSET").line();
            }
            client.send("MAIL FROM:<a@b.example>");
            assertEquals("421 4.7.0 mx.example.com Too many transactions, connect again", client.line());
            assertEquals("", client.expectClosed());
        }
    }

    @Test
    void aClientThatOnlyTalksIsSentAway() {
        try (TestClient client = hello(port)) {
            for (int i = 1; i < LIMITS.commandsWithoutMail(); i++) {
                client.send("NOOP");
                assertEquals("250 2.0.0 Ok", client.line());
            }
            client.send("NOOP");
            assertEquals("421 4.7.0 mx.example.com Too many commands", client.line());
            assertEquals("", client.expectClosed());
        }
    }

    @Test
    void aClientThatDoesNotSpeakLmtpIsSentAway() {
        try (TestClient client = hello(port)) {
            client.sendRaw("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\nB: c\r\n" + "x".repeat(500) + "\r\nC: d\r\n");
            for (int i = 0; i < LIMITS.protocolErrors(); i++) {
                assertTrue(client.line().startsWith("500 5.5."));
            }
            assertEquals("421 4.7.0 mx.example.com Too many errors", client.line());
            assertEquals("", client.expectClosed());
        }
    }

    @Test
    void mailForAFullAccountIsRefusedBeforeItsOctets() {
        server.account("full@example.com", 1000);
        int permanent = server.listen(LmtpLimits.DEFAULT);
        try (TestClient client = hello(permanent)) {
            client.send("MAIL FROM:<a@b.example> SIZE=1001").line();
            client.send("RCPT TO:<full@example.com>");
            assertEquals("552 5.2.2 Mailbox full", client.line());
            client.send("RSET").line();
            client.send("MAIL FROM:<a@b.example> SIZE=1000").line();
            client.send("RCPT TO:<full@example.com>");
            assertEquals("250 2.1.5 Ok", client.line());
        }
        try (TestClient client = hello(port)) {
            client.send("MAIL FROM:<a@b.example> SIZE=1001").line();
            client.send("RCPT TO:<full@example.com>");
            assertEquals("452 4.2.2 Mailbox full", client.line());
        }
    }

    @Test
    void oneFullAccountDoesNotKeepTheMessageFromTheOthers() {
        server.account("small@example.com", 1000);
        server.account("others1@example.com", 0);
        server.account("others2@example.com", 0);
        try (TestClient client = hello(server.listen(LmtpLimits.DEFAULT))) {
            transaction(
                    client, "<a@b.example>", "<others1@example.com>", "<small@example.com>", "<others2@example.com>");
            LmtpTest.data(client, "Subject: undeclared\r\n\r\n" + "x".repeat(900) + "\r\n");
            assertEquals("250 2.0.0 Delivered", client.line());
            assertEquals("552 5.2.2 Mailbox full", client.line());
            assertEquals("250 2.0.0 Delivered", client.line());
        }
        assertEquals(0, server.inbox("small@example.com").size());
        assertTrue(server.inbox("others2@example.com").get(0).contains("Subject: undeclared"));
    }

    @Test
    void anAccountThatGoesBetweenRcptAndTheEndIsToldOfByItself() {
        server.account("leaving@example.com", 0);
        try (TestClient client = hello(server.listen(LmtpLimits.DEFAULT))) {
            transaction(client, "<a@b.example>", "<leaving@example.com>", "<r7@example.com>");
            server.database.execute("delete from mailbox where account_id = (select account_id from account"
                    + " where address = 'leaving@example.com')");
            LmtpTest.data(client, "Subject: x\r\n\r\n");
            assertTrue(client.line().matches("(550 5\\.1\\.1|451 4\\.3\\.0) .*"));
            assertEquals("250 2.0.0 Delivered", client.line());
        }
    }

    @Test
    void aSilentClientIsToldSo() {
        server.account("silent@example.com", 0);
        int impatient =
                server.listen(new LmtpLimits(512, 10_000, 100, 100, 100, 5, Duration.ofMillis(1200), false, false));
        try (TestClient client = hello(impatient);
                TestClient inData = hello(impatient)) {
            transaction(inData, "<a@b.example>", "<silent@example.com>");
            inData.send("DATA").line();
            inData.sendRaw("Subject: unfinished\r\n");
            assertEquals("421 4.4.2 mx.example.com Timeout", client.line());
            assertEquals("", client.expectClosed());
            assertEquals("421 4.4.2 mx.example.com Timeout", inData.line());
            assertEquals("", inData.expectClosed());
        }
        assertEquals(0, server.inbox("silent@example.com").size());
    }

    @Test
    void shuttingDownLetsATransactionFinish() {
        ProtocolServer listener =
                server.listen(LmtpLimits.DEFAULT, ListenerOptions.loopback("lmtp", ListenerOptions.Tls.NONE), null);
        try (TestClient idle = hello(listener.port());
                TestClient busy = hello(listener.port())) {
            transaction(busy, "<a@b.example>", "<r9@example.com>");
            busy.send("DATA").line();
            busy.sendRaw("Subject: last\r\n\r\n");
            var stopped = listener.stop();
            assertEquals("421 4.3.2 mx.example.com Shutting down", idle.line());
            assertEquals("", idle.expectClosed());
            busy.sendRaw(".\r\n");
            assertEquals("250 2.0.0 Delivered", busy.line());
            assertEquals("421 4.3.2 mx.example.com Shutting down", busy.line());
            assertEquals("", busy.expectClosed());
            LmtpServer.await(stopped);
        }
        assertTrue(server.inbox("r9@example.com").stream().anyMatch(message -> message.contains("Subject: last")));
    }
}
