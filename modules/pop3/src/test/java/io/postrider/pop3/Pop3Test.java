package io.postrider.pop3;

import static io.postrider.pop3.Pop3Server.login;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions;
import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestClient;
import io.postrider.testkit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail goes out by POP3. */
class Pop3Test {
    private static TestDatabase database;
    private static Pop3Server server;
    private static int port;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        server = new Pop3Server(database);
        server.domain();
        port = server.listen(Pop3Limits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        server.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "auth"})
    void holdsTheConversation(String name) {
        String address = name + "@example.com";
        server.account(address);
        if (name.equals("session")) {
            server.append(address, "Subject: one\r\n\r\nfirst\r\n.\r\nsecond\r\n\r\n");
            server.append(address, "Subject: two\r\n\r\nno line end");
            server.append(address, "Subject: three\r\n\r\nLF\n.\n");
        }
        try (TestClient client = TestClient.connect(port)) {
            Conversation.load(getClass(), name + ".pop3").run(client);
        }
    }

    @Test
    void whatWasDeletedGoesAtQuitAndOnlyThen() {
        mailbox("delete@example.com", 3);
        try (TestClient client = login(port, "delete@example.com")) {
            client.send("DELE 2").line();
        }
        assertEquals(3, server.messages("delete@example.com"));
        try (TestClient client = loginOnceFree("delete@example.com")) {
            client.send("DELE 1").line();
            client.send("DELE 3").line();
            client.send("QUIT");
            assertEquals("+OK Bye", client.line());
            assertEquals(1, server.messages("delete@example.com"));
        }
    }

    /** `printf ... | nc -N`; what was marked as deleted stays, since nobody said QUIT. */
    @Test
    void aClientThatSendsNoMoreGetsItsRepliesAll() {
        mailbox("half@example.com", 2);
        try (TestClient client = login(port, "half@example.com")) {
            client.sendRaw("DELE 1\r\nRETR 2\r\nUIDL\r\n").endOutput();
            assertTrue(client.expectClosed().matches("(?s)\\+OK.*\\+OK.*\r\n\\.\r\n\\+OK.*\r\n\\.\r\n"));
        }
        assertEquals(2, server.messages("half@example.com"));
        try (TestClient client = loginOnceFree("half@example.com")) {
            client.sendRaw("AUTH PLAIN\r\n").endOutput();
            client.expectClosed();
        }
    }

    @Test
    void uniqueIdsStayWhateverElseGoes() {
        mailbox("uidl@example.com", 3);
        List<String> before;
        try (TestClient client = login(port, "uidl@example.com")) {
            before = uidl(client);
            client.send("DELE 1").line();
            client.send("QUIT").line();
        }
        server.append("uidl@example.com", "Subject: another\r\n\r\n");
        try (TestClient client = login(port, "uidl@example.com")) {
            List<String> after = uidl(client);
            assertEquals(before.get(1), after.get(0));
            assertEquals(before.get(2), after.get(1));
            assertFalse(before.contains(after.get(2)));
        }
    }

    @Test
    void aSessionSeesWhatWasThereWhenItBegan() {
        mailbox("snapshot@example.com", 2);
        try (TestClient client = login(port, "snapshot@example.com")) {
            server.append("snapshot@example.com", "Subject: later\r\n\r\n");
            client.send("STAT");
            assertTrue(client.line().startsWith("+OK 2 "));
            client.send("RETR 3");
            assertEquals("-ERR No such message", client.line());
        }
    }

    @Test
    void messagesThatImapExpungedMeanwhileDisturbNothing() {
        mailbox("expunged@example.com", 2);
        try (TestClient client = login(port, "expunged@example.com")) {
            server.expungeAll("expunged@example.com");
            // Its octets are kept for a while, and the session sees its snapshot.
            client.send("RETR 1");
            assertTrue(client.linesUntil(line -> line.equals(".") || line.startsWith("-ERR"))
                            .size()
                    > 0);
            database.execute("delete from chunk; delete from content");
            client.send("RETR 2");
            assertEquals("-ERR Message has been expunged meanwhile", client.line());
            client.send("DELE 1").line();
            client.send("QUIT");
            assertEquals("+OK Bye", client.line());
        }
    }

    @Test
    void theSecondSessionIsToldThatTheFirstIsThere() {
        mailbox("lock@example.com", 1);
        try (TestClient first = login(port, "lock@example.com");
                TestClient second = TestClient.connect(port)) {
            second.line();
            second.send("USER lock@example.com").line();
            second.send("PASS open sesame");
            assertEquals("-ERR [IN-USE] Another session has this maildrop open", second.line());
            second.send("AUTH PLAIN " + plain("lock@example.com"));
            assertEquals("-ERR [IN-USE] Another session has this maildrop open", second.line());
            first.send("QUIT").line();
            second.send("AUTH PLAIN " + plain("lock@example.com"));
            assertEquals("+OK 1 messages", second.line());
        }
    }

    @Test
    void pipelinedCommandsAreAnsweredInTurn() {
        mailbox("pipe@example.com", 5);
        StringBuilder commands = new StringBuilder("USER pipe@example.com\r\nPASS open sesame\r\n");
        for (int i = 1; i <= 5; i++) {
            commands.append("RETR ").append(i).append("\r\nDELE ").append(i).append("\r\n");
        }
        commands.append("NOOP\r\n".repeat(20_000)).append("QUIT\r\n");
        try (TestClient client = TestClient.connect(port)) {
            new Thread(() -> client.sendRaw(commands.toString())).start();
            String answers = client.expectClosed();
            for (int i = 1; i <= 5; i++) {
                assertTrue(answers.contains("Subject: " + i + "\r\n\r\nbody\r\n.\r\n+OK Goes at QUIT\r\n"));
            }
            assertEquals(20_000, answers.split("Still here", -1).length - 1);
            assertTrue(answers.endsWith("+OK Bye\r\n"));
        }
        assertEquals(0, server.messages("pipe@example.com"));
    }

    @Test
    void commandsCutAnywhereAreUnderstood() throws InterruptedException {
        mailbox("cut@example.com", 1);
        String commands = "NOOP\r\nLIST 1\r\nRETR 1\r\nNOOP\r\n";
        try (TestClient client = login(port, "cut@example.com")) {
            for (int cut = 0; cut <= commands.length(); cut++) {
                client.sendRaw(commands.substring(0, cut));
                Thread.sleep(2);
                client.sendRaw(commands.substring(cut));
                assertEquals("+OK Still here", client.line());
                assertEquals("+OK 1 20", client.line());
                client.linesUntil(line -> line.equals("."));
                assertEquals("+OK Still here", client.line());
            }
        }
    }

    @Test
    void readingDoesNotMarkAsSeen() {
        mailbox("seen@example.com", 1);
        try (TestClient client = login(port, "seen@example.com")) {
            client.send("RETR 1").linesUntil(line -> line.equals("."));
            client.send("QUIT").line();
        }
        assertEquals(1, server.inbox("seen@example.com").unseen());
    }

    @Test
    void noPasswordCrossesTheWireInTheClear(@TempDir Path directory) {
        mailbox("tls@example.com", 1);
        int tls = server.listen(
                        Pop3Limits.DEFAULT,
                        ListenerOptions.loopback("pop3", ListenerOptions.Tls.STARTTLS)
                                .withPlainTextPasswords(false),
                        directory)
                .port();
        try (TestClient client = TestClient.connect(tls)) {
            Conversation.of("""
                    S: +OK Postrider
                    C: CAPA
                    S: +OK Capability list follows
                    S* TOP
                    S* UIDL
                    S* STLS
                    S* PIPELINING
                    S* RESP-CODES
                    S* AUTH-RESP-CODE
                    S* EXPIRE NEVER
                    S* LOGIN-DELAY 0
                    S* IMPLEMENTATION Postrider
                    S: .
                    C: USER tls@example.com
                    S: -ERR TLS first: say STLS, then CAPA
                    C: PASS open sesame
                    S: -ERR TLS first: say STLS, then CAPA
                    C: AUTH PLAIN AAAA
                    S: -ERR No such mechanism here
                    C: STLS
                    S: +OK Begin TLS
                    TLS
                    C: STLS
                    S: -ERR TLS cannot be started here
                    C: USER tls@example.com
                    S: +OK Password, please
                    C: PASS open sesame
                    S: +OK 1 messages
                    C: STLS
                    S: -ERR Already logged in
                    """).run(client);
        }
        for (int i = 0; i < 4; i++) {
            try (TestClient client = TestClient.connect(tls)) {
                client.line();
                client.sendRaw("STLS\r\nCAPA\r\n");
                assertFalse(client.expectClosed().contains("Capability"));
            }
        }
    }

    @Test
    void commandsAreCountedByKeywordAndOutcome() {
        mailbox("meters@example.com", 1);
        try (TestClient client = login(port, "meters@example.com")) {
            client.send("RETR 1").linesUntil(line -> line.equals("."));
            client.send("RETR 2").line();
            client.send("DROP TABLE").line();
            client.send("QUIT").line();
        }
        assertTrue(count("retr", "ok") > 0);
        assertTrue(count("retr", "no") > 0);
        assertTrue(count("other", "bad") > 0);
    }

    private static long count(String verb, String outcome) {
        return server.meters
                .get("postrider.commands")
                .tags("protocol", "pop3", "verb", verb, "outcome", outcome)
                .timer()
                .count();
    }

    private static void mailbox(String address, int messages) {
        server.account(address);
        for (int i = 1; i <= messages; i++) {
            server.append(address, "Subject: " + i + "\r\n\r\nbody\r\n");
        }
    }

    /** The session before was dropped, which the server may be about to notice. */
    private static TestClient loginOnceFree(String address) {
        for (int i = 0; ; i++) {
            try {
                return login(port, address);
            } catch (IllegalStateException inUse) {
                assertTrue(i < 50, inUse.getMessage());
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static List<String> uidl(TestClient client) {
        client.send("UIDL").line();
        List<String> lines = client.linesUntil(line -> line.equals("."));
        return lines.subList(0, lines.size() - 1).stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    static String plain(String address) {
        return Base64.getEncoder()
                .encodeToString(("\0" + address + "\0" + Pop3Server.PASSWORD).getBytes(StandardCharsets.UTF_8));
    }
}
