package io.postrider.pop3;

import static io.postrider.pop3.Pop3Server.login;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ProtocolServer;
import io.postrider.testkit.TestClient;
import io.postrider.testkit.TestDatabase;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What happens at each bound of POP3, and when a node or a client dies. */
class Pop3LimitsTest {
    private static final Pop3Limits LIMITS =
            new Pop3Limits(255, 4, 2, 3, Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofSeconds(2), true);

    private static TestDatabase database;
    private static Pop3Server server;
    private static int port;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        server = new Pop3Server(database);
        server.domain();
        port = server.listen(LIMITS);
    }

    @AfterAll
    static void stop() {
        server.close();
        database.close();
    }

    @Test
    void aCommandOf255OctetsIsTheLongest() {
        try (TestClient client = TestClient.connect(port)) {
            client.line();
            client.send("USER " + "x".repeat(LIMITS.commandOctets() - 7));
            assertEquals("+OK Password, please", client.line());
            client.send("USER " + "x".repeat(LIMITS.commandOctets() - 6));
            assertEquals("-ERR Line too long", client.line());
            client.send("USER " + "x".repeat(100_000));
            assertEquals("-ERR Line too long", client.line());
            client.send("CAPA");
            assertEquals("+OK Capability list follows", client.line());
        }
    }

    @Test
    void aResponseInASaslExchangeMayBeLongerButNotWithoutEnd() {
        try (TestClient client = TestClient.connect(port)) {
            client.line();
            client.send("AUTH PLAIN").line();
            client.send("A".repeat(12_288));
            assertTrue(client.line().startsWith("-ERR "));
            client.send("AUTH PLAIN").line();
            client.send("A".repeat(20_000));
            assertEquals("-ERR Line too long", client.line());
            client.send("CAPA");
            assertEquals("+OK Capability list follows", client.line());
        }
    }

    @Test
    void aClientThatDoesNotSpeakPop3IsDisconnected() {
        try (TestClient client = TestClient.connect(port)) {
            client.line();
            client.sendRaw("GET / HTTP/1.1\r\nA: b\r\n\r\nC: d\r\nE: f\r\n");
            assertEquals(LIMITS.protocolErrors(), client.expectClosed().split("-ERR", -1).length - 1);
        }
    }

    @Test
    void guessingPasswordsEndsTheConnection() {
        server.account("guess@example.com");
        try (TestClient client = TestClient.connect(port)) {
            client.line();
            for (int i = 0; i < LIMITS.loginAttempts(); i++) {
                client.send("USER guess@example.com").line();
                client.send("PASS " + i);
                assertEquals("-ERR [AUTH] Authentication failed", client.line());
            }
            assertEquals("", client.expectClosed());
        }
    }

    @Test
    void aSessionSeesNoMoreMessagesThanTheBound() {
        server.account("many@example.com");
        for (int i = 0; i < LIMITS.messages() + 1; i++) {
            server.append("many@example.com", "Subject: x\r\n\r\n");
        }
        try (TestClient client = login(port, "many@example.com")) {
            client.send("STAT");
            assertEquals("+OK 3 42", client.line());
            client.send("DELE 1").line();
            client.send("QUIT").line();
        }
        try (TestClient client = login(port, "many@example.com")) {
            client.send("STAT");
            assertEquals("+OK 3 42", client.line());
        }
    }

    @Test
    void aSilentSessionEndsWithoutAWordAndDeletesNothing() {
        server.account("idle@example.com");
        server.append("idle@example.com", "Subject: x\r\n\r\n");
        int impatient = server.listen(new Pop3Limits(
                255, 4, 2, 3, Duration.ofMillis(1200), Duration.ofMillis(1200), Duration.ofSeconds(2), true));
        try (TestClient client = login(impatient, "idle@example.com");
                TestClient stranger = TestClient.connect(impatient)) {
            client.send("DELE 1").line();
            stranger.line();
            assertEquals("", client.expectClosed());
            assertEquals("", stranger.expectClosed());
        }
        assertEquals(1, server.messages("idle@example.com"));
    }

    @Test
    void aStrangerWhoKeepsTalkingIsSentAwayAllTheSame() {
        int impatient = server.listen(new Pop3Limits(
                255, 4, 2, 3, Duration.ofMillis(1200), Duration.ofMinutes(10), Duration.ofSeconds(2), true));
        try (TestClient stranger = TestClient.connect(impatient)) {
            stranger.line();
            assertThrows(UncheckedIOException.class, () -> {
                for (int octet = 0; octet < 200; octet++) {
                    stranger.sendRaw("C");
                    Thread.sleep(100);
                }
            });
        }
    }

    @Test
    void aSessionGoesOnToItsQuitWhileTheNodeGoesDown() {
        server.account("down@example.com");
        server.append("down@example.com", "Subject: x\r\n\r\n");
        ProtocolServer listener =
                server.listen(LIMITS, ListenerOptions.loopback("pop3", ListenerOptions.Tls.NONE), null);
        try (TestClient client = login(listener.port(), "down@example.com");
                TestClient stranger = TestClient.connect(listener.port())) {
            stranger.line();
            client.send("DELE 1").line();
            var stopped = listener.stop();
            assertEquals("-ERR [SYS/TEMP] Shutting down", stranger.line());
            assertEquals("", stranger.expectClosed());
            assertTrue(client.send("NOOP").line().startsWith("+OK"));
            assertTrue(client.send("QUIT").line().startsWith("+OK"));
            assertEquals("", client.expectClosed());
            Pop3Server.await(stopped);
        }
        assertEquals(0, server.messages("down@example.com"));
    }

    @Test
    void aSessionThatDoesNotQuitWithinTheGraceTimeDeletesNothing() {
        server.account("cut@example.com");
        server.append("cut@example.com", "Subject: x\r\n\r\n");
        Duration longTime = Duration.ofMinutes(1);
        ListenerOptions options = ListenerOptions.loopback("pop3", ListenerOptions.Tls.NONE)
                .withTimes(longTime, longTime, Duration.ofMillis(500));
        ProtocolServer listener = server.listen(LIMITS, options, null);
        try (TestClient client = login(listener.port(), "cut@example.com")) {
            client.send("DELE 1").line();
            Pop3Server.await(listener.stop());
            assertEquals("", client.expectClosed());
        }
        assertEquals(1, server.messages("cut@example.com"));
    }

    @Test
    void aMaildropIsLockedOnEveryNodeAndFreeAgainSomeTimeAfterItsNodeDied() throws InterruptedException {
        server.account("nodes@example.com");
        Pop3Server other = new Pop3Server(database);
        TestClient there = login(other.listen(LIMITS), "nodes@example.com");
        try (TestClient here = TestClient.connect(port)) {
            here.line();
            Thread.sleep(LIMITS.lease().toMillis() + 500); // renewed meanwhile
            here.send("AUTH PLAIN " + Pop3Test.plain("nodes@example.com"));
            assertEquals("-ERR [IN-USE] Another session has this maildrop open", here.line());
            other.die();
            here.send("AUTH PLAIN " + Pop3Test.plain("nodes@example.com"));
            assertEquals("-ERR [IN-USE] Another session has this maildrop open", here.line());
            Thread.sleep(LIMITS.lease().toMillis() + 100);
            here.send("AUTH PLAIN " + Pop3Test.plain("nodes@example.com"));
            assertEquals("+OK 0 messages", here.line());
        }
        there.close();
    }

    @Test
    void aSessionThatLostItsLockIsDisconnected() {
        server.account("lost@example.com");
        try (TestClient client = login(port, "lost@example.com")) {
            database.execute("update maildrop_lock set holder = 'another'");
            assertEquals("", client.expectClosed());
        }
    }
}
