package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client hears at each limit, in its protocol's words. */
class LimitRepliesTest {
    @TempDir
    static Path directory;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(
                directory, "sessions", "logins", "mail", "full", "large", "fast", "barred", "gone", "moved");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void tooManySessions() {
        set("sessions", "connection_limit = 1");
        try (TestClient first = connect(Name.IMAP);
                TestClient second = connect(Name.IMAP);
                TestClient pop3 = connect(Name.POP3)) {
            assertTrue(last(first, "LOGIN sessions@example.com secret").startsWith("OK"));
            assertEquals(
                    "NO [LIMIT] Too many sessions of this account or its tenant",
                    last(second, "LOGIN sessions@example.com secret"));
            assertEquals("-ERR [SYS/TEMP] Too many sessions, try again later", pass(pop3, "sessions"));
            last(first, "LOGOUT");
            String reply = "NO";
            while (reply.startsWith("NO")) {
                try (TestClient again = connect(Name.IMAP)) {
                    reply = last(again, "LOGIN sessions@example.com secret");
                }
            }
            assertTrue(reply.startsWith("OK"));
        }
    }

    @Test
    void tooManyLogins() {
        set("logins", "login_limit = 1");
        try (TestClient first = connect(Name.IMAP);
                TestClient second = connect(Name.IMAP);
                TestClient pop3 = connect(Name.POP3)) {
            assertTrue(last(first, "LOGIN logins@example.com secret").startsWith("OK"));
            assertEquals(
                    "NO [LIMIT] Too many logins, try again in a minute",
                    last(second, "LOGIN logins@example.com secret"));
            assertEquals("-ERR [LOGIN-DELAY] Too many logins, try again in a minute", pass(pop3, "logins"));
        }
    }

    @Test
    void aProtocolThatMayNotBeUsed() {
        set("barred", "protocols = '{imap}'");
        try (TestClient pop3 = connect(Name.POP3);
                TestClient imap = connect(Name.IMAP)) {
            assertEquals("-ERR [SYS/PERM] This account may not use POP3", pass(pop3, "barred"));
            assertTrue(last(imap, "LOGIN barred@example.com secret").startsWith("OK"));
            assertEquals("550 5.7.1 This recipient takes no mail", rcpt("barred", ""));
            set("barred", "protocols = '{pop3}'");
            try (TestClient again = connect(Name.IMAP)) {
                assertEquals(
                        "NO [AUTHORIZATIONFAILED] This account may not use this protocol",
                        last(again, "LOGIN barred@example.com secret"));
            }
        }
    }

    @Test
    void quotasOfMessagesAndMailboxes() {
        set("full", "message_limit = 1, mailbox_limit = 7");
        try (TestClient imap = connect(Name.IMAP)) {
            last(imap, "LOGIN full@example.com secret");
            assertTrue(last(imap, "APPEND INBOX {5+}\r\nx: y\n").startsWith("OK"));
            assertTrue(last(imap, "APPEND INBOX {5+}\r\nx: y\n").startsWith("NO [OVERQUOTA]"));
            last(imap, "SELECT INBOX");
            assertTrue(last(imap, "COPY 1 Archive").startsWith("NO [OVERQUOTA]"));
            assertTrue(last(imap, "CREATE seventh").startsWith("OK"));
            assertEquals("NO [LIMIT] This account may have 7 mailboxes at most", last(imap, "CREATE eighth"));
        }
        assertEquals("552 5.2.2 Mailbox full", rcpt("full", ""));
    }

    @Test
    void aMessageThatIsTooLarge() {
        set("large", "message_size_limit = 10");
        try (TestClient imap = connect(Name.IMAP)) {
            last(imap, "LOGIN large@example.com secret");
            assertTrue(last(imap, "APPEND INBOX {11}").startsWith("NO [TOOBIG]"));
        }
        assertEquals("552 5.2.3 Message larger than this recipient takes", rcpt("large", " SIZE=11"));
        assertEquals("250 2.1.5 Ok", rcpt("large", " SIZE=10"));
        try (TestClient lmtp = transaction("large", "")) {
            lmtp.send("DATA").line();
            assertEquals(
                    "552 5.2.3 Message larger than this recipient takes",
                    lmtp.send("Subject: more than ten octets\r\n\r\n.").line());
        }
    }

    @Test
    void tooManyDeliveriesAndNobodyOnceDeleted() {
        set("fast", "delivery_limit = 1");
        assertEquals("250 2.1.5 Ok", rcpt("fast", ""));
        assertEquals("450 4.7.1 Too many messages for this recipient, try again later", rcpt("fast", ""));
        set("gone", "state = 'suspended'");
        assertEquals("450 4.2.1 Mailbox suspended", rcpt("gone", ""));
        set("gone", "state = 'deleted'");
        assertEquals("550 5.1.1 No such recipient here", rcpt("gone", ""));
        try (TestClient imap = connect(Name.IMAP)) {
            assertTrue(last(imap, "LOGIN gone@example.com secret").startsWith("NO [AUTHENTICATIONFAILED]"));
        }
    }

    @Test
    void whoseMailIsKeptElsewhere() {
        set("moved", "referral = 'b.example'");
        try (TestClient pop3 = connect(Name.POP3);
                TestClient imap = connect(Name.IMAP)) {
            assertEquals("-ERR [SYS/PERM] This account's mail is kept on b.example", pass(pop3, "moved"));
            assertEquals(
                    "NO [REFERRAL imap://moved%40example.com;AUTH=*@b.example/] This account's mail is kept on b.example",
                    last(imap, "LOGIN moved@example.com secret"));
        }
        assertEquals("450 4.2.1 Mailbox is kept on another server", rcpt("moved", ""));
    }

    private static void set(String name, String what) {
        node.database().execute("update account set " + what + " where address = '" + name + "@example.com'");
    }

    private static TestClient connect(Name listener) {
        TestClient client = TestClient.connect(node.port(listener));
        client.line();
        return client;
    }

    private static String last(TestClient imap, String command) {
        List<String> lines = imap.imap(command);
        return lines.get(lines.size() - 1);
    }

    private static String pass(TestClient pop3, String name) {
        pop3.send("USER " + name + "@example.com").line();
        return pop3.send("PASS secret").line();
    }

    private static String rcpt(String name, String mailParameters) {
        TestClient lmtp = connect(Name.LMTP);
        try (lmtp) {
            lmtp.send("LHLO client.example.net").linesUntil(line -> line.startsWith("250 "));
            lmtp.send("MAIL FROM:<sender@example.net>" + mailParameters).line();
            return lmtp.send("RCPT TO:<" + name + "@example.com>").line();
        }
    }

    private static TestClient transaction(String name, String mailParameters) {
        TestClient lmtp = connect(Name.LMTP);
        lmtp.send("LHLO client.example.net").linesUntil(line -> line.startsWith("250 "));
        lmtp.send("MAIL FROM:<sender@example.net>" + mailParameters).line();
        lmtp.send("RCPT TO:<" + name + "@example.com>").line();
        return lmtp;
    }
}
