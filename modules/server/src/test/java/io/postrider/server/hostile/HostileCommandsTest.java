package io.postrider.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.TestNode;
import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands made to hurt, in each protocol: too long, too deep, too many, with every octet. Each gets an answer that is no fault
 * of ours, the conversation goes on or ends in words, and somebody else is answered meanwhile.
 */
class HostileCommandsTest {
    private static final int LARGE = 2 << 20;
    private static final int LOG_LINES = 150;

    @TempDir
    static Path directory;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(
                directory,
                Map.of("guessing.failures-per-account", "0", "guessing.failures-per-network", "0"),
                Meanwhile.NAME,
                "mallory");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void imapCommandsThatAreTooLongTooDeepOrTooMany() {
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES)) {
            for (String command : tooMuch()) {
                try (TestClient imap = login()) {
                    imap.imap("SELECT INBOX");
                    imap.sendRaw("h " + command + "\r\nz NOOP\r\n");
                    String answer = answer(imap, "h ");
                    assertTrue(answer.startsWith("h ") || answer.startsWith("* BAD"), answer + " to " + start(command));
                    assertTrue(answer(imap, "z ").startsWith("z OK"), "it goes on behind " + start(command));
                }
            }
            bystander.isStillAnswered();
        }
    }

    private static List<String> tooMuch() {
        int many = 10_000;
        List<String> commands = new ArrayList<>(List.of(
                "NOOP " + "x".repeat(LARGE),
                "SEARCH " + "(".repeat(many) + "ALL" + ")".repeat(many),
                "SEARCH " + "(".repeat(many),
                "SEARCH " + "NOT ".repeat(many) + "ALL",
                "SEARCH " + "OR ALL ".repeat(many / 2) + "OR SUBJECT {1+}\r\nx " + "OR ALL ".repeat(many / 2) + "ALL",
                "SEARCH " + "OR ".repeat(many) + "ALL ".repeat(many),
                "SEARCH " + "UNSEEN ".repeat(9_000) + "ALL",
                "UID SEARCH UID " + "1,3:*,".repeat(10_000) + "7",
                "FETCH " + "1,".repeat(100_000) + "1 FLAGS",
                "FETCH " + "1,".repeat(30_000) + "1 FLAGS",
                "UID FETCH " + "4294967295:*,".repeat(4_000) + "1 FLAGS",
                "FETCH 1 " + "(".repeat(many) + "FLAGS" + ")".repeat(many),
                "FETCH 1 (" + "FLAGS ".repeat(many) + "UID)",
                "FETCH 1 BODY[" + "1.".repeat(many) + "1]",
                "FETCH 1 BODY[" + "99999999999.".repeat(100) + "1]",
                "FETCH 1 BODY[HEADER.FIELDS (" + "Subject ".repeat(7_000) + "To)]",
                "FETCH 1 BODY[]<99999999999999999999.1>",
                "FETCH 1 BODY[]<4294967295.4294967295>",
                "STORE 1 FLAGS (" + "$x ".repeat(many) + "$y)",
                "STORE 1 +FLAGS " + "$".repeat(50_000),
                "SORT (" + "SUBJECT ".repeat(7_000) + "DATE) UTF-8 ALL",
                "THREAD REFERENCES UTF-8 " + "NOT ".repeat(many) + "ALL",
                "LIST \"\" " + "%*".repeat(many),
                "LIST \"\" (" + "\"*\" ".repeat(many) + "x)",
                "LIST (" + "SUBSCRIBED ".repeat(5_000) + "REMOTE) \"\" *",
                "STATUS INBOX (" + "MESSAGES ".repeat(6_000) + "UIDNEXT)",
                "CREATE " + "a/".repeat(many) + "b",
                "CREATE " + "x".repeat(50_000),
                "CREATE x (USE (" + "\\Sent ".repeat(8_000) + "))",
                "RENAME INBOX " + "&AAAA-".repeat(many),
                "ENABLE " + "CONDSTORE ".repeat(6_000),
                "ID (" + "\"a\" \"b\" ".repeat(6_000) + "\"c\" NIL)",
                "NOTIFY SET " + "(subtree INBOX (MessageNew)) ".repeat(2_000),
                "NOTIFY SET (mailboxes (" + "INBOX ".repeat(many) + ") (MessageNew))",
                "SELECT INBOX (QRESYNC (1 1 " + "1,".repeat(30_000) + "1))",
                "APPEND INBOX (" + "\\Seen ".repeat(9_000) + ") {1+}\r\nx",
                "APPEND INBOX {4294967296}",
                "APPEND INBOX {104857601}",
                "APPEND INBOX CATENATE (" + "URL \"/INBOX/;UID=1\" ".repeat(2_500) + ")",
                "ID {70000+}\r\n" + "x".repeat(70_000),
                "ID (" + "{1+}\r\na ".repeat(1_000) + ")",
                "SETQUOTA \"\" (" + "STORAGE 1 ".repeat(6_000) + ")",
                "COMPRESS " + "DEFLATE".repeat(5_000),
                "AUTHENTICATE PLAIN " + "A".repeat(60_000),
                "UID EXPUNGE " + "1:".repeat(many),
                "COPY 1 \"" + "\\\\".repeat(20_000) + "\""));
        for (String command : List.of("NOOP", "SELECT", "FETCH 1", "SEARCH SUBJECT", "CREATE", "LIST \"\"", "LOGIN")) {
            commands.add(command + " \0");
            commands.add(command + "\0");
            commands.add(command + " \"a\0b\"");
            commands.add(command + " {3+}\r\na\0b");
        }
        return commands;
    }

    @Test
    void imapLiteralsThatNeverEnd() {
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES)) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                TestClient imap = login();
                clients.add(imap);
                imap.sendRaw("a APPEND INBOX {100000000+}\r\n" + "x".repeat(300_000));
            }
            bystander.isStillAnswered();
            clients.forEach(TestClient::close);
        }
        try (TestClient imap = login()) {
            imap.imap("SELECT INBOX");
            assertEquals(
                    "0",
                    imap.imap("STATUS INBOX (MESSAGES)").get(0).replaceAll(".*MESSAGES (\\d+).*", "$1"),
                    "nothing of what was cut off is kept");
            // How many octets follow cannot be told, so nothing can be told from then on.
            imap.sendRaw("b ID {99999999999999999999999+}\r\n");
            assertTrue(imap.expectClosed().contains("b BAD"));
        }
    }

    @Test
    void strangersMayNotSendMuch() {
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES)) {
            for (String line : List.of(
                    "a LOGIN x " + "y".repeat(LARGE),
                    "a LOGIN {100000} x",
                    "a LOGIN {4097+}\r\n" + "x".repeat(4097) + " y",
                    "a AUTHENTICATE PLAIN\r\n" + "A".repeat(LARGE),
                    "x".repeat(LARGE))) {
                try (TestClient imap = connect(Name.IMAP)) {
                    imap.sendRaw(line + "\r\n");
                    String answer =
                            imap.linesUntil(reply -> !reply.startsWith("+")).get(0);
                    assertTrue(answer.contains(" BAD ") || answer.contains(" NO ") || answer.startsWith("+"), answer);
                }
            }
            refuses(Name.POP3, "USER " + "x".repeat(LARGE), "-ERR");
            refuses(Name.POP3, "AUTH PLAIN " + "A".repeat(LARGE), "-ERR");
            refuses(Name.POP3, "\0\0\0", "-ERR");
            refuses(Name.LMTP, "LHLO " + "x".repeat(LARGE), "5");
            refuses(Name.LMTP, "MAIL FROM:<" + "@a,".repeat(600) + ":x@y>", "5");
            refuses(Name.LMTP, "BDAT 99999999999999999999999 LAST", "5");
            refuses(Name.LMTP, "\0\0\0", "5");
            bystander.isStillAnswered();
        }
    }

    @Test
    void pop3AndLmtpCommandsThatAskTooMuch() {
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES);
                TestClient pop3 = connect(Name.POP3);
                TestClient lmtp = connect(Name.LMTP)) {
            pop3.send("USER mallory@example.com").line();
            assertTrue(pop3.send("PASS " + TestNode.PASSWORD).line().startsWith("+OK"));
            for (String command : List.of(
                    "TOP 1 99999999999999999999",
                    "RETR 99999999999999999999",
                    "LIST -1",
                    "DELE 4294967297",
                    "UIDL \0",
                    "TOP 1 " + "0".repeat(200),
                    "RETR\0 1")) {
                assertTrue(pop3.send(command).line().startsWith("-ERR"), command);
            }
            lmtp.send("LHLO client.example.net").linesUntil(line -> line.startsWith("250 "));
            for (String command : List.of(
                    "MAIL FROM:<> SIZE=99999999999999999999999",
                    "MAIL FROM:<a\0b@example.com>",
                    "MAIL FROM:<" + "x".repeat(1500) + "@example.com>",
                    "MAIL FROM:<x@" + "a.".repeat(700) + "b>",
                    "MAIL FROM:<x@y>" + " A=B".repeat(400),
                    "RCPT TO:<mallory@example.com>",
                    "VRFY " + "(".repeat(1500))) {
                String reply = lmtp.send(command).line();
                assertTrue(reply.startsWith("5") || reply.startsWith("252"), reply + " to " + start(command));
            }
            bystander.isStillAnswered();
        }
    }

    /** As a mailbox's name, a name to log in with, a recipient. */
    @Test
    void namesWithEveryOctet() {
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES);
                TestClient imap = login()) {
            whatIsCreatedIsListedAndDeleted(imap);
            bystander.isStillAnswered();
            for (int first = 0; first < 256; first += 16) {
                StringBuilder name = new StringBuilder("n");
                for (int octet = first; octet < first + 16; octet++) {
                    name.append((char) octet);
                }
                logsInNowhere(name.toString());
            }
            bystander.isStillAnswered();
        }
    }

    private static void logsInNowhere(String name) {
        try (TestClient imap = connect(Name.IMAP);
                TestClient pop3 = connect(Name.POP3);
                TestClient lmtp = connect(Name.LMTP)) {
            String answer = last(imap.imap("LOGIN {" + name.length() + "+}\r\n" + name + " x"));
            assertTrue(answer.matches("(NO|BAD) .*"), answer);
            String plain = "\0" + name + "\0x";
            answer = last(imap.imap("AUTHENTICATE PLAIN "
                    + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.ISO_8859_1))));
            assertTrue(answer.matches("(NO|BAD) .*"), answer);
            if (name.indexOf('\n') < 0) {
                pop3.send("USER " + name).line();
                assertTrue(pop3.send("PASS x").line().startsWith("-ERR"));
                lmtp.send("LHLO client.example.net").linesUntil(line -> line.startsWith("250 "));
                lmtp.send("MAIL FROM:<> SMTPUTF8").line();
                String reply = lmtp.send("RCPT TO:<" + name + "@example.com>").line();
                assertTrue(reply.startsWith("5"), reply);
            }
        }
    }

    /** Or it is refused in words: never half of it. */
    private static void whatIsCreatedIsListedAndDeleted(TestClient imap) {
        List<String> created = new ArrayList<>();
        for (int octet = 0; octet < 256; octet++) {
            String name = "n" + (char) octet + "m";
            String answer = last(imap.imap("CREATE {3+}\r\n" + name));
            assertFalse(answer.contains("SERVERBUG"), answer);
            if (answer.startsWith("OK")) {
                created.add(name);
            } else {
                imap.imap("NOOP"); // too many BADs in a row would end the conversation
            }
        }
        assertTrue(created.size() > 80, created.toString());
        // n/m makes n, too.
        assertEquals(created.size() + 1, listed(imap));
        for (String name : created) {
            assertTrue(last(imap.imap("DELETE {3+}\r\n" + name)).startsWith("OK"), name);
        }
        assertTrue(last(imap.imap("DELETE n")).startsWith("OK"));
        assertEquals(0, listed(imap));
    }

    private static long listed(TestClient imap) {
        return imap.imap("LIST \"\" n*").stream()
                .filter(line -> line.startsWith("* LIST"))
                .count();
    }

    private static void refuses(Name name, String line, String with) {
        try (TestClient client = connect(name)) {
            String answer = client.send(line).line();
            assertTrue(answer.startsWith(with), answer + " to " + start(line));
        }
    }

    private static String answer(TestClient imap, String tag) {
        List<String> lines =
                imap.linesUntil(line -> line.startsWith(tag) || line.startsWith("* BAD") || line.startsWith("* BYE"));
        assertFalse(lines.toString().contains("SERVERBUG"), lines.toString());
        return last(lines);
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    private static String start(String command) {
        return command.substring(0, Math.min(60, command.length()));
    }

    private static TestClient login() {
        TestClient imap = connect(Name.IMAP);
        assertTrue(last(imap.imap("LOGIN mallory@example.com " + TestNode.PASSWORD))
                .startsWith("OK"));
        return imap;
    }

    private static TestClient connect(Name name) {
        TestClient client = TestClient.connect(node.port(name));
        client.line();
        return client;
    }
}
