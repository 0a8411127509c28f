package io.postrider.smtp;

import static io.postrider.smtp.LmtpServer.await;
import static io.postrider.smtp.LmtpServer.hello;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail comes in by LMTP and is kept. */
class LmtpTest {
    private static LmtpServer server;
    private static int port;

    @BeforeAll
    static void start() {
        server = new LmtpServer();
        port = server.listen(LmtpLimits.DEFAULT);
        List<String> names =
                List.of("alice", "bob", "chunks", "андрей", "cut", "smuggler", "pipe", "clara", "trace", "half");
        for (String name : names) {
            server.account(name + "@example.com", 0);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"session.lmtp", "refusals.lmtp", "smtputf8.lmtp", "chunks.lmtp"})
    void holdsTheConversation(String name) {
        try (TestClient client = TestClient.connect(port)) {
            Conversation.load(getClass(), name).run(client);
        }
    }

    @Test
    void aMessageArrivesBehindItsTraceFields() {
        try (TestClient client = hello(port)) {
            transaction(client, "<\"a b\"@Sender.example>", "<Trace@EXAMPLE.com>");
            data(client, "Return-Path: <forged@example.net>\r\nSubject: x\r\n\r\n..\r\n");
            assertEquals("250 2.0.0 Delivered", client.line());
        }
        String message = server.inbox("trace@example.com").get(0);
        assertTrue(
                message.matches("(?s)Return-Path: <\"a b\"@Sender\\.example>\r\n"
                        + "Delivered-To: Trace@EXAMPLE\\.com\r\n"
                        + "Received: from client\\.example \\(\\[127\\.0\\.0\\.1]\\)\r\n"
                        + "\tby mx\\.example\\.com with LMTP id [0-9a-z]+-1\r\n"
                        + "\tfor <Trace@EXAMPLE\\.com>;\r\n"
                        + "\t(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{1,2} [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d \\+0000\r\n"
                        + "Return-Path: <forged@example\\.net>\r\nSubject: x\r\n\r\n\\.\r\n"),
                message);
    }

    /** `printf ... | nc -N`; a message without its end is none. */
    @Test
    void aClientThatSendsNoMoreGetsItsRepliesAll() {
        String message = "MAIL FROM:<>\r\nRCPT TO:<half@example.com>\r\nDATA\r\nA: b\r\n\r\n.\r\n";
        try (TestClient client = hello(port)) {
            client.sendRaw(message + message + "NOOP\r\n").endOutput();
            assertTrue(client.expectClosed().endsWith("250 2.0.0 Delivered\r\n250 2.0.0 Ok\r\n"));
        }
        assertEquals(2, server.inbox("half@example.com").size());
        try (TestClient client = hello(port)) {
            client.sendRaw(message + message.substring(0, message.length() - 5)).endOutput();
            assertTrue(client.expectClosed().contains("250 2.0.0 Delivered\r\n"));
        }
        assertEquals(3, server.inbox("half@example.com").size());
    }

    @Test
    void anAliasAndTheAddressItselfGetOneCopyAndAReplyEach() {
        server.database.execute("insert into address (address, account_id) select 'c@example.com', account_id"
                + " from account where address = 'clara@example.com'");
        try (TestClient client = hello(port)) {
            transaction(client, "<a@b.example>", "<clara@example.com>", "<c@example.com>", "<clara@example.com>");
            data(client, "Subject: once\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                assertEquals("250 2.0.0 Delivered", client.line());
            }
            client.send("NOOP");
            assertEquals("250 2.0.0 Ok", client.line());
        }
        List<String> inbox = server.inbox("clara@example.com");
        assertEquals(1, inbox.size());
        assertTrue(inbox.get(0)
                .contains("\r\nDelivered-To: clara@example.com\r\nDelivered-To: c@example.com\r\nReceived:"));
    }

    @Test
    void aMessageCutAnywhereArrivesAsItWas() throws InterruptedException {
        String octets = "MAIL FROM:<>\r\nRCPT TO:<cut@example.com>\r\nDATA\r\nA: b\r\n\r\n..x\r\n.\r\nNOOP\r\n";
        int before = server.inbox("cut@example.com").size();
        try (TestClient client = hello(port)) {
            for (int cut = 0; cut < octets.length(); cut++) {
                client.sendRaw(octets.substring(0, cut));
                Thread.sleep(2);
                client.sendRaw(octets.substring(cut));
                assertEquals("250 2.1.0 Ok", client.line());
                assertEquals("250 2.1.5 Ok", client.line());
                assertTrue(client.line().startsWith("354 "));
                assertEquals("250 2.0.0 Delivered", client.line(), "cut at " + cut);
                assertEquals("250 2.0.0 Ok", client.line());
            }
        }
        List<String> inbox = server.inbox("cut@example.com");
        assertEquals(before + octets.length(), inbox.size());
        assertTrue(inbox.stream().allMatch(message -> message.endsWith("+0000\r\nA: b\r\n\r\n.x\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\r\n.\r\r\n", "\n\r.\n\r"})
    void aSecondMessageCannotBeSmuggledIn(String falseEnd) {
        int before = server.inbox("smuggler@example.com").size();
        try (TestClient client = hello(port)) {
            transaction(client, "<a@b.example>", "<smuggler@example.com>");
            data(
                    client,
                    "Subject: outer\r\n\r\nhello" + falseEnd
                            + "MAIL FROM:<ceo@example.com>\r\nRCPT TO:<smuggler@example.com>\r\nDATA\r\nSubject: inner\r\n\r\n");
            assertEquals("550 5.6.0 Bare CR or LF in message refused", client.line());
            client.send("NOOP");
            assertEquals("250 2.0.0 Ok", client.line());
        }
        assertEquals(before, server.inbox("smuggler@example.com").size());
    }

    @Test
    void aHundredMessagesInOneWriteAllArriveInOrder() {
        StringBuilder octets = new StringBuilder("LHLO client.example\r\n");
        for (int i = 0; i < 100; i++) {
            octets.append("MAIL FROM:<a@b.example>\r\nRCPT TO:<pipe@example.com>\r\nDATA\r\nSubject: ");
            octets.append(i).append("\r\n\r\n.\r\n");
        }
        try (TestClient client = TestClient.connect(port)) {
            client.sendRaw(octets + "QUIT\r\n");
            assertEquals(100, client.expectClosed().split("250 2.0.0 Delivered").length - 1);
        }
        List<String> inbox = server.inbox("pipe@example.com");
        assertEquals(100, inbox.size());
        for (int i = 0; i < 100; i++) {
            assertTrue(inbox.get(i).endsWith("Subject: " + i + "\r\n\r\n"));
        }
    }

    @Test
    void manyConnectionsDeliverToOneMailboxAtOnce() {
        server.account("crowd@example.com", 0);
        int connections = 8;
        int each = 150;
        StringBuilder octets = new StringBuilder("LHLO client.example\r\n");
        for (int i = 0; i < each; i++) {
            octets.append("MAIL FROM:<a@b.example>\r\nRCPT TO:<crowd@example.com>\r\nDATA\r\nSubject: x\r\n\r\n.\r\n");
        }
        List<CompletableFuture<Integer>> delivered = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> {
                            try (TestClient client = TestClient.connect(port)) {
                                client.sendRaw(octets + "QUIT\r\n");
                                return client.expectClosed().split("250 2.0.0 Delivered").length - 1;
                            }
                        },
                        task -> new Thread(task).start()))
                .limit(connections)
                .toList();
        delivered.forEach(count -> assertEquals(each, count.join()));
        assertEquals(connections * each, server.count("crowd@example.com"));
    }

    @Test
    void aConnectionThatBreaksInTheMiddleDeliversNothing() throws InterruptedException {
        server.account("broken@example.com", 0);
        for (String part : List.of("Subject: half\r\n", "x".repeat(600_000), "a\r\n\r\n.", "a\r\n\r\n.\r")) {
            TestClient client = hello(port);
            transaction(client, "<a@b.example>", "<broken@example.com>");
            client.send("DATA");
            client.line();
            client.sendRaw(part);
            Thread.sleep(50);
            client.close();
        }
        Thread.sleep(200);
        assertEquals(List.of(), server.inbox("broken@example.com"));
        try (TestClient client = hello(port)) {
            transaction(client, "<a@b.example>", "<broken@example.com>");
            data(client, "Subject: whole\r\n\r\n");
            assertEquals("250 2.0.0 Delivered", client.line());
        }
        assertEquals(1, server.inbox("broken@example.com").size());
    }

    @Test
    void startTlsForgetsWhatWasSaidBefore(@TempDir Path directory) {
        server.account("tls@example.com", 0);
        try (TestClient client = hello(server.listenWithStartTls(directory))) {
            transaction(client, "<a@b.example>", "<tls@example.com>");
            client.send("STARTTLS");
            assertEquals("220 2.0.0 Ready to start TLS", client.line());
            client.startTls();
            client.send("DATA");
            assertEquals("503 5.5.1 Say LHLO first", client.line());
            client.send("LHLO client.example");
            assertFalse(client.linesUntil(line -> line.startsWith("250 ")).contains("250 STARTTLS"));
            transaction(client, "<a@b.example>", "<tls@example.com>");
            data(client, "Subject: safe\r\n\r\n");
            assertEquals("250 2.0.0 Delivered", client.line());
        }
        assertTrue(server.inbox("tls@example.com").get(0).contains(" with LMTPS id "));
    }

    @Test
    void whatIsSentBehindStartTlsInTheClearIsNeverDone(@TempDir Path directory) {
        int tls = server.listenWithStartTls(directory);
        for (int i = 0; i < 4; i++) {
            try (TestClient client = hello(tls)) {
                client.sendRaw("STARTTLS\r\nLHLO injected.example\r\n");
                assertFalse(client.expectClosed().contains("250"));
            }
        }
    }

    @Test
    void octetsThatAreNoUtf8AreNoCommand() {
        try (TestClient client = hello(port)) {
            client.sendRaw("MAIL FROM:<j\u00fcrgen@b.example> SMTPUTF8\r\n\0\u00ff\u0001\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                assertEquals("500 5.5.1 Command not recognized", client.line());
            }
        }
    }

    @Test
    void aDomainIsTheSameInItsAsciiForm() {
        await(server.store.directory().addDomain("bücher.example", "Books"));
        server.account("lena@bücher.example", 0);
        try (TestClient client = hello(port)) {
            transaction(client, "<a@b.example>", "<lena@xn--bcher-kva.example>");
            data(client, "Subject: x\r\n\r\n");
            assertEquals("250 2.0.0 Delivered", client.line());
        }
        assertEquals(1, server.count("lena@bücher.example"));
    }

    @Test
    void suspendedAccountsGetTheirMailLater() {
        server.account("away@example.com", 0);
        server.database.execute("update account set active = false where address = 'away@example.com'");
        try (TestClient client = hello(port)) {
            client.send("MAIL FROM:<a@b.example>").line();
            client.send("RCPT TO:<away@example.com>");
            assertEquals("450 4.2.1 Mailbox suspended", client.line());
        }
    }

    @Test
    void aDetailNamesAMailboxWhereThatIsConfigured() {
        server.account("dana@example.com", 0);
        long dana = server.accountOf("dana@example.com").accountId();
        await(server.store.mailboxes().create(dana, "lists", Optional.empty()));
        LmtpLimits d = LmtpLimits.DEFAULT;
        int withDetail = server.listen(new LmtpLimits(
                d.commandOctets(),
                d.messageOctets(),
                d.recipients(),
                d.transactions(),
                d.commandsWithoutMail(),
                d.protocolErrors(),
                d.idle(),
                false,
                true));
        for (int to : new int[] {port, withDetail}) {
            for (String detail : List.of("+lists", "+nowhere", "")) {
                try (TestClient client = hello(to)) {
                    transaction(client, "<a@b.example>", "<dana" + detail + "@example.com>");
                    data(client, "Subject: " + detail + "\r\n\r\n");
                    assertEquals("250 2.0.0 Delivered", client.line());
                }
            }
        }
        assertEquals(5, server.inbox("dana@example.com").size());
        assertEquals(1, server.messages("dana@example.com", "lists").size());
    }

    @Test
    void commandsAreCountedByVerbAndOutcome() {
        try (TestClient client = hello(port)) {
            client.send("VRFY x").line();
            client.send("DROP TABLE").line();
        }
        assertTrue(count("vrfy", "ok") > 0);
        assertTrue(count("other", "bad") > 0);
        assertTrue(server.meters
                .find("postrider.commands")
                .tag("verb", "drop")
                .timers()
                .isEmpty());
    }

    private static long count(String verb, String outcome) {
        return server.meters
                .get("postrider.commands")
                .tags("protocol", "lmtp", "verb", verb, "outcome", outcome)
                .timer()
                .count();
    }

    static void transaction(TestClient client, String from, String... recipients) {
        client.send("MAIL FROM:" + from);
        assertEquals("250 2.1.0 Ok", client.line());
        for (String recipient : recipients) {
            client.send("RCPT TO:" + recipient);
            assertEquals("250 2.1.5 Ok", client.line());
        }
    }

    /** @param message as it goes on the wire: dots doubled by the caller where they have to be */
    static void data(TestClient client, String message) {
        client.send("DATA");
        assertTrue(client.line().startsWith("354 "));
        client.sendRaw(message + ".\r\n");
    }
}
