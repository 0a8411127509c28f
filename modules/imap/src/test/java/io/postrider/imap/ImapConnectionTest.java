package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.TlsContexts;
import io.postrider.store.Contents;
import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for a connection whatever its commands: order, bounds, time, goodbyes. */
class ImapConnectionTest {
    private static final String ALICE = "alice@example.com";
    private static final ImapLimits LIMITS = ImapLimits.DEFAULT;

    private static ImapServer server;

    @BeforeAll
    static void start() {
        server = ImapServer.start();
        server.createAccount(ALICE);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** `printf ... | nc -N`, and scripts that shut down their side. */
    @Test
    void aClientThatSendsNoMoreGetsItsRepliesAll() {
        String login = "a LOGIN " + ALICE + " " + ImapServer.PASSWORD + "\r\n";
        assertTrue(lastWords(login + "b SELECT INBOX\r\nc SEARCH ALL\r\n").contains("\nc OK "));
        // What waits for more of the client ends with it.
        assertTrue(lastWords(login + "b IDLE\r\n").endsWith("+ idling\r\n"));
        assertTrue(lastWords(login + "b APPEND INBOX {9}\r\n").contains("\n+ "));
        assertTrue(lastWords(login + "b APPEND INBOX {9+}\r\nab").contains("a OK "));
        assertTrue(lastWords(login + "b APPEND nowhere {9+}\r\nSubject: \r\nc NOOP\r\n")
                .contains("\nc OK "));
        assertTrue(lastWords(login + "b SELECT {5}\r\n").contains("\n+ "));
        assertTrue(lastWords("b AUTHENTICATE PLAIN\r\n").startsWith("+ "));
        assertEquals("", lastWords("b NOO"));
    }

    private static String lastWords(String commands) {
        try (TestClient client = server.connect()) {
            return client.sendRaw(commands).endOutput().expectClosed();
        }
    }

    @Test
    void startTlsOnEveryEventLoop(@TempDir Path directory) {
        TestCertificate certificate = TestCertificate.create(directory, "localhost");
        ListenerOptions options = ListenerOptions.loopback("imap", Tls.STARTTLS)
                .withPlainTextPasswords(false)
                .withInstances(3);
        try (ImapServer tls =
                ImapServer.start(LIMITS, options, TlsContexts.load(certificate.certificate(), certificate.key()))) {
            tls.createAccount(ALICE);
            for (int i = 0; i < 6; i++) {
                try (TestClient client = TestClient.connect(tls.port())) {
                    Conversation.load(ImapConnectionTest.class, "starttls.imap").run(client);
                }
            }
            // CVE-2011-0411: what was sent in the clear behind STARTTLS never runs.
            for (int i = 0; i < 6; i++) {
                try (TestClient client = tls.connect()) {
                    client.sendRaw("a1 STARTTLS\r\na2 CREATE injected\r\n");
                    assertFalse(client.expectClosed().contains("a2"));
                }
            }
        }
    }

    @Test
    void pipelinedCommandsAreAnsweredInOrderHoweverMany() {
        try (TestClient client = server.login(ALICE)) {
            int many = 20 * LIMITS.maxQueuedCommands();
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                StringBuilder all = new StringBuilder();
                for (int i = 0; i < many; i++) {
                    all.append('t').append(i).append(i % 3 == 0 ? " STATUS INBOX (UIDNEXT)\n" : " NOOP\r\n");
                }
                client.sendRaw(all.toString());
            });
            for (int i = 0; i < many; i++) {
                String tag = "t" + i + " OK";
                List<String> lines = client.linesUntil(line -> !line.startsWith("*"));
                assertTrue(lines.get(lines.size() - 1).startsWith(tag), lines + " for " + tag);
            }
            sent.join();
        }
    }

    @Test
    void idleDoneAndTheNextCommandInOnePacket() {
        // iOS 18 Mail; and DONE with a bare LF from nc
        try (TestClient client = server.login(ALICE)) {
            client.sendRaw("a1 SELECT INBOX\r\na2 IDLE\r\nDONE\r\na3 NOOP\r\na4 IDLE\ndone\na5 NOOP\n");
            client.linesUntil(line -> line.startsWith("a1 OK"));
            assertStarts("+ ", client.line());
            assertStarts("a2 OK", client.line());
            assertEquals("a3 OK NOOP completed", client.line());
            assertStarts("+ ", client.line());
            assertStarts("a4 OK", client.line());
            assertEquals("a5 OK NOOP completed", client.line());
        }
    }

    @Test
    void aLongCommandIsAnsweredAndTheNextOneRuns() {
        try (TestClient client = server.login(ALICE)) {
            String set = "1,".repeat(LIMITS.maxLine() / 2 - 20);
            client.imap("SELECT INBOX");
            assertEquals("OK FETCH completed", last(client.imap("UID FETCH " + set + "1 UID")));
            client.sendRaw("long UID FETCH " + "1,".repeat(LIMITS.maxLine()) + "1 UID\r\nnext NOOP\r\n");
            assertStarts("long BAD ", client.line());
            assertEquals("next OK NOOP completed", client.line());
        }
    }

    @Test
    void literalsBeyondTheBoundAreRefusedAndGoBy() {
        try (TestClient client = server.login(ALICE)) {
            int beyond = LIMITS.maxLiteral() + 1;
            assertStarts("NO [TOOBIG]", last(client.imap("CREATE {" + beyond + "}")));
            client.sendRaw("a1 CREATE {" + beyond + "+}\r\n" + "x".repeat(beyond) + "\r\na2 NOOP\r\n");
            assertStarts("a1 NO [TOOBIG]", client.line());
            assertEquals("a2 OK NOOP completed", client.line());
            assertStarts("BAD", last(client.imap("CREATE {99999999999999999999}")));
            client.send("a3 CREATE {99999999999999999999+}");
            assertStarts("a3 BAD", client.line());
            assertTrue(client.expectClosed().startsWith("* BYE"));
        }
    }

    @Test
    void aMessageBeyondTheBoundIsRefusedAndGoesBy() {
        try (ImapServer small = ImapServer.start(LIMITS.withMaxMessage(1000))) {
            small.createAccount(ALICE);
            try (TestClient client = small.login(ALICE)) {
                client.sendRaw("a1 APPEND INBOX {1000+}\r\n" + "x".repeat(1000) + "\r\n");
                assertStarts("a1 OK [APPENDUID ", client.line());
                assertStarts("NO [TOOBIG]", last(client.imap("APPEND INBOX {1001}")));
                client.sendRaw("a2 APPEND INBOX {200000+}\r\n" + "y".repeat(200_000) + "\r\na3 NOOP\r\n");
                assertStarts("a2 NO [TOOBIG]", client.line());
                assertEquals("a3 OK NOOP completed", client.line());
                assertEquals(
                        "* STATUS INBOX (MESSAGES 1)",
                        client.imap("STATUS INBOX (MESSAGES)").get(0));
            }
        }
    }

    @Test
    void overQuotaIsSaidBeforeTheOctets() {
        server.createAccount("small@example.com", 100);
        try (TestClient client = server.login("small@example.com")) {
            client.sendRaw("a1 APPEND INBOX {60+}\r\n" + "x".repeat(60) + "\r\n");
            assertStarts("a1 OK", client.line());
            assertStarts("NO [OVERQUOTA]", last(client.imap("APPEND INBOX {41}")));
            client.sendRaw("a2 APPEND INBOX {20+}\r\n" + "x".repeat(20) + " {21+}\r\n" + "x".repeat(21) + "\r\n");
            assertStarts("a2 NO [OVERQUOTA]", client.line());
            client.sendRaw("a3 APPEND INBOX {40+}\r\n" + "x".repeat(40) + "\r\n");
            assertEquals("* NO [OVERQUOTA] 100 % of the quota is used", client.line());
            assertStarts("a3 OK", client.line());
        }
    }

    @Test
    void aLargeMessageComesInPiecesAndGoesOutTheSame() {
        byte[] body = new byte[5_000_000];
        new java.util.Random(5).nextBytes(body);
        for (int i = 0; i < body.length; i++) {
            body[i] = i % 70 == 69 ? (byte) '\n' : (byte) ('a' + (body[i] & 15));
        }
        String message = "Subject: large\r\n\r\n" + new String(body, StandardCharsets.US_ASCII);
        server.createAccount("large@example.com");
        try (TestClient client = server.login("large@example.com")) {
            client.send("a1 APPEND INBOX {" + message.length() + "}");
            assertStarts("+", client.line());
            client.sendRaw(message + "\r\na2 SELECT INBOX\r\na3 UID FETCH 1 BODY.PEEK[]\r\n");
            client.linesUntil(line -> line.startsWith("a2 OK"));
            assertTrue(client.line().endsWith("{" + message.length() + "}"));
            assertEquals(message, new String(client.octets(message.length()), StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void oneAppendTakesManyMessagesButNotAnyNumber() {
        server.createAccount("many@example.com");
        try (TestClient client = server.login("many@example.com")) {
            String most = "APPEND INBOX" + " {1+}\r\nx".repeat(LIMITS.maxMessagesOfAppend());
            client.sendRaw("a1 " + most + "\r\na2 " + most + " {1+}\r\ny\r\na3 STATUS INBOX (MESSAGES)\r\n");
            assertStarts("a1 OK [APPENDUID ", client.line());
            assertStarts("a2 NO [LIMIT]", client.line());
            assertEquals("* STATUS INBOX (MESSAGES " + LIMITS.maxMessagesOfAppend() + ")", client.line());
        }
    }

    @Test
    void oneAppendsMessagesDoNotFillTheMemory() {
        server.createAccount("heavy@example.com");
        int size = Contents.MEMORY_OCTETS;
        int most = LIMITS.maxAppendOctetsInMemory() / size;
        byte[] message = (" {" + size + "+}\r\n" + "x".repeat(size)).getBytes(StandardCharsets.US_ASCII);
        try (TestClient client = server.login("heavy@example.com")) {
            client.sendRaw("a1 APPEND INBOX");
            for (int i = 0; i <= most; i++) {
                client.sendRaw(message);
            }
            client.sendRaw("\r\na2 STATUS INBOX (MESSAGES)\r\n");
            assertStarts("a1 NO [LIMIT]", client.line());
            assertEquals("* STATUS INBOX (MESSAGES 0)", client.line());
        }
    }

    @Test
    void anAppendThatIsCutShortLeavesNothing() {
        server.createAccount("cut@example.com");
        try (TestClient client = server.login("cut@example.com")) {
            client.sendRaw("a1 APPEND INBOX {500000+}\r\n" + "x".repeat(300_000));
        }
        try (TestClient client = server.login("cut@example.com")) {
            assertEquals(
                    "* STATUS INBOX (MESSAGES 0)",
                    client.imap("STATUS INBOX (MESSAGES)").get(0));
        }
    }

    @Test
    void whoSaysNothingButNonsenseIsSentAway() {
        try (TestClient client = server.connect()) {
            for (int i = 1; i < LIMITS.maxBadInARowBeforeLogin(); i++) {
                assertStarts("BAD", last(client.imap("EHLO")));
            }
            client.imap("NOOP");
            for (int i = 0; i < LIMITS.maxBadInARowBeforeLogin(); i++) {
                assertStarts("BAD", last(client.imap("EHLO")));
            }
            assertTrue(client.expectClosed().startsWith("* BYE"));
        }
        try (TestClient client = server.login(ALICE)) {
            for (int i = 0; i < LIMITS.maxBadInARow(); i++) {
                assertStarts("BAD", last(client.imap("EHLO")));
            }
            assertTrue(client.expectClosed().startsWith("* BYE"));
        }
    }

    @Test
    void onlySoManyLoginsMayFail() {
        try (TestClient client = server.connect()) {
            for (int i = 0; i < LIMITS.maxFailedLogins(); i++) {
                assertStarts("NO [AUTHENTICATIONFAILED]", last(client.imap("LOGIN x@example.com y")));
            }
            assertTrue(client.expectClosed().startsWith("* BYE"));
        }
    }

    @Test
    void timeRunsOutBeforeLoginAndWhenIdle() {
        ImapLimits hasty = LIMITS.withTimes(Duration.ofSeconds(1), Duration.ofSeconds(2));
        try (ImapServer impatient = ImapServer.start(hasty)) {
            impatient.createAccount(ALICE);
            try (TestClient silent = impatient.connect();
                    TestClient idle = impatient.login(ALICE)) {
                assertEquals("* BYE Login took too long\r\n", silent.expectClosed());
                assertEquals("* BYE Idle for too long\r\n", idle.expectClosed());
            }
            try (TestClient trickling = impatient.connect()) {
                // An octet now and then is no login.
                String answer = "";
                for (int i = 0; i < 50 && answer.isEmpty(); i++) {
                    trickling.sendRaw("x");
                    answer = trickling.hasInput(100) ? trickling.line() : "";
                }
                assertEquals("* BYE Login took too long", answer);
            }
        }
    }

    @Test
    void clientsHearByeWhenTheNodeGoesDown() {
        try (ImapServer node = server.secondNode();
                TestClient unknown = node.connect();
                TestClient known = node.login(ALICE);
                TestClient idling = node.login(ALICE)) {
            idling.imap("SELECT INBOX");
            idling.send("i IDLE");
            assertTrue(idling.line().startsWith("+"));
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::stop);
            assertEquals("* BYE Server is going down\r\n", unknown.expectClosed());
            assertEquals("* BYE Server is going down\r\n", known.expectClosed());
            assertEquals("* BYE Server is going down\r\n", idling.expectClosed());
            stopped.join();
        }
    }

    /** So that a client never has to ask itself whether what it sent was done. */
    @Test
    void whatCameBeforeTheNodeGoesDownIsAnsweredAndByeComesBehindIt() {
        ImapServer node = server.secondNode();
        try (TestClient pipelining = node.login(ALICE);
                TestClient halfway = node.login(ALICE)) {
            String tags = "abcdefgh";
            StringBuilder commands = new StringBuilder();
            tags.chars().forEach(tag -> commands.append((char) tag).append(" STATUS INBOX (MESSAGES)\r\n"));
            pipelining.sendRaw(commands.toString());
            halfway.sendRaw("a1 NO");
            pipelining.line();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::stop);
            String rest = pipelining.expectClosed();
            tags.chars().forEach(tag -> assertTrue(rest.contains((char) tag + " OK "), rest));
            assertTrue(rest.endsWith("\r\n* BYE Server is going down\r\n"), rest);
            pipelining.close();
            halfway.sendRaw("OP\r\n");
            assertEquals("a1 OK NOOP completed\r\n* BYE Server is going down\r\n", halfway.expectClosed());
            halfway.close();
            stopped.join();
        }
    }

    @Test
    void anAppendUnderwayIsFinishedBeforeTheNodeGoesDown() throws Exception {
        server.createAccount("late@example.com");
        ImapServer node = server.secondNode();
        try (TestClient client = node.login("late@example.com")) {
            client.send("a1 APPEND INBOX {11}");
            assertStarts("+", client.line());
            client.sendRaw("hello ");
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::stop);
            assertFalse(client.hasInput(300));
            client.sendRaw("world\r\n");
            assertStarts("a1 OK", client.line());
            assertEquals("* BYE Server is going down\r\n", client.expectClosed());
            stopped.join();
        }
        try (TestClient client = server.login("late@example.com")) {
            assertEquals(
                    "* STATUS INBOX (MESSAGES 1)",
                    client.imap("STATUS INBOX (MESSAGES)").get(0));
        }
    }

    @Test
    void whatOneNodeDoesAnotherSees() {
        server.createAccount("both@example.com");
        ImapServer other = server.secondNode();
        try (TestClient here = server.login("both@example.com");
                TestClient there = other.login("both@example.com")) {
            here.imap("CREATE Work");
            assertTrue(there.imap("LIST \"\" W*").get(0).endsWith("Work"));
            there.sendRaw("a1 APPEND Work {2+}\r\nhi\r\n");
            assertTrue(there.line().startsWith("a1 OK"));
            assertEquals(
                    "* STATUS Work (MESSAGES 1)",
                    here.imap("STATUS Work (MESSAGES)").get(0));
        }
    }

    @Test
    void commandsAreCountedByNameAndOutcome() {
        try (TestClient client = server.login(ALICE)) {
            client.imap("NAMESPACE");
            client.imap("FROBNICATE");
        }
        assertTrue(count("namespace", "ok") >= 1);
        assertTrue(count("other", "bad") >= 1);
    }

    private static long count(String verb, String outcome) {
        return server.metrics()
                .get("postrider.commands")
                .tag("protocol", "imap")
                .tag("verb", verb)
                .tag("outcome", outcome)
                .timer()
                .count();
    }

    private static void assertStarts(String expected, String line) {
        assertTrue(line.startsWith(expected), line);
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }
}
