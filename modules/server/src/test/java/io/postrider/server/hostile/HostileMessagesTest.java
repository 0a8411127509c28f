package io.postrider.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.TestNode;
import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages made to hurt, delivered by LMTP and then read in every way there is: each is taken, its octets come back as they
 * were, and somebody else is answered meanwhile.
 */
class HostileMessagesTest {
    private static final int LOG_LINES = 100;

    @TempDir
    static Path directory;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(directory, Meanwhile.NAME, "victim");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void areDeliveredAndRead() {
        Map<String, String> messages = messages();
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES);
                TestClient lmtp = connect(Name.LMTP);
                TestClient imap = connect(Name.IMAP);
                TestClient pop3 = connect(Name.POP3)) {
            lmtp.send("LHLO client.example.net").linesUntil(line -> line.startsWith("250 "));
            messages.forEach((name, message) -> {
                lmtp.send("MAIL FROM:<>").line();
                lmtp.send("RCPT TO:<victim@example.com>").line();
                lmtp.send("DATA").line();
                String reply = lmtp.sendRaw(message + "\r\n.\r\n").line();
                assertTrue(reply.startsWith("250"), reply + " to " + name);
            });
            bystander.isStillAnswered();
            imap.imap("LOGIN victim@example.com " + TestNode.PASSWORD);
            imap.imap("SELECT INBOX");
            readByImap(imap, messages.size());
            octetsComeBack(imap, messages);
            bystander.isStillAnswered();
            readByPop3(pop3, messages.size());
        }
    }

    private static Map<String, String> messages() {
        Map<String, String> messages = new LinkedHashMap<>();
        StringBuilder deep = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=b%1$d\r\n\r\n--b%1$d\r\n".formatted(i));
        }
        messages.put("1,000 multiparts deep", deep + "\r\nwithin");
        messages.put(
                "1,000 messages deep", "Content-Type: message/rfc822\r\n\r\n".repeat(1000) + "Subject: x\r\n\r\nx");
        messages.put(
                "100,000 parts",
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(100_000));
        messages.put("a header line of a megabyte", "Subject: " + "word ".repeat(200_000) + "\r\n\r\nx");
        messages.put("a word of a megabyte", "Subject: " + "x".repeat(1 << 20) + "\r\n\r\nx");
        messages.put("100,000 header fields", "X-A: b\r\n".repeat(100_000) + "\r\nx");
        messages.put("100,000 subjects", "Subject: b\r\n".repeat(80_000) + "\r\nx");
        messages.put("100,000 addresses", "To: a@b" + ",\r\n a@b".repeat(100_000) + "\r\n\r\nx");
        messages.put("groups in groups", "To: " + "g:".repeat(20_000) + ";".repeat(20_000) + "\r\n\r\nx");
        messages.put(
                "comments in comments",
                "From: " + "(".repeat(50_000) + "\r\nTo: " + "\\(".repeat(50_000) + "\r\n\r\nx");
        messages.put("encoded words", "Subject: " + "=?utf-8?B?w6k=?= ".repeat(5_000) + "\r\n\r\nx");
        messages.put("references", "References: " + "<a@b> ".repeat(50_000) + "\r\nIn-Reply-To: <a@b>\r\n\r\nx");
        messages.put("replies to replies", "Subject: " + "Re: [x] Fwd: ".repeat(20_000) + "\r\n\r\nx");
        messages.put("parameters", "Content-Type: text/plain" + "; a*0*=utf-8''%41".repeat(20_000) + "\r\n\r\nx");
        messages.put(
                "marks upon marks",
                "Subject: a" + "\u00cc\u0081".repeat(50_000) + "\r\n\r\n" + "\u00cc\u0081".repeat(50_000));
        messages.put("HTML in HTML", "Content-Type: text/html\r\n\r\n" + "<b><!-- <script>".repeat(50_000));
        messages.put("NULs", "Subject: a\0b\r\n\r\n" + "\0".repeat(100_000));
        messages.put("nothing", "");
        return messages;
    }

    private static void readByImap(TestClient imap, int count) {
        for (String command : List.of(
                "FETCH 1:* (UID ENVELOPE RFC822.SIZE)",
                "FETCH 1:* (BODY)",
                "FETCH 1:* (BODYSTRUCTURE)",
                "FETCH 1:* (PREVIEW EMAILID THREADID)",
                "FETCH 1:* (BODY.PEEK[HEADER.FIELDS (Subject To From References)])",
                "FETCH 1:* (BODY.PEEK[" + "1.".repeat(99) + "1])",
                "FETCH 1:* (BODY.PEEK[" + "1.".repeat(50) + "1.MIME] BODY.PEEK[1.1.1.1.1.1.1.HEADER])",
                "FETCH 1:* (BODY.PEEK[9999] BODY.PEEK[99999] BINARY.PEEK[1] BINARY.SIZE[1.1])",
                "SEARCH CHARSET UTF-8 TEXT nowhere",
                "SEARCH BODY within",
                "SEARCH OR HEADER Subject word FROM x",
                "SEARCH SENTSINCE 1-Jan-2020 LARGER 100000",
                "SORT (SUBJECT FROM TO CC DATE SIZE DISPLAYFROM) UTF-8 ALL",
                "THREAD REFERENCES UTF-8 ALL",
                "THREAD ORDEREDSUBJECT UTF-8 ALL",
                "STATUS INBOX (MESSAGES SIZE)")) {
            List<String> answer = imap.imap(command);
            assertTrue(
                    answer.get(answer.size() - 1).startsWith("OK"), answer.get(answer.size() - 1) + " to " + command);
            if (command.startsWith("FETCH")) {
                assertTrue(
                        answer.stream()
                                        .filter(line -> line.matches("\\* \\d+ FETCH .*"))
                                        .count()
                                >= count,
                        command);
            }
        }
    }

    private static void octetsComeBack(TestClient imap, Map<String, String> messages) {
        int number = 1;
        for (Map.Entry<String, String> message : messages.entrySet()) {
            String head = imap.send("o FETCH " + number++ + " BODY.PEEK[]").line();
            int size = Integer.parseInt(head.replaceAll(".*\\{(\\d+)}", "$1"));
            String octets = new String(imap.octets(size), StandardCharsets.ISO_8859_1);
            // No NUL may be in a literal. RFC 3501 §4.3
            String expected = message.getValue().replace('\0', '\u0080') + "\r\n";
            assertTrue(octets.endsWith(expected), message.getKey());
            imap.linesUntil(line -> line.startsWith("o OK"));
        }
    }

    private static void readByPop3(TestClient pop3, int count) {
        pop3.send("USER victim@example.com").line();
        assertTrue(pop3.send("PASS " + TestNode.PASSWORD).line().startsWith("+OK"));
        for (int number = 1; number <= count; number++) {
            for (String command : List.of("RETR " + number, "TOP " + number + " 1")) {
                assertTrue(pop3.send(command).line().startsWith("+OK"), command);
                pop3.linesUntil(line -> line.equals("."));
            }
        }
        assertEquals("+OK", pop3.send("QUIT").line().substring(0, 3));
    }

    private static TestClient connect(Name name) {
        TestClient client = TestClient.connect(node.port(name));
        client.line();
        return client;
    }
}
