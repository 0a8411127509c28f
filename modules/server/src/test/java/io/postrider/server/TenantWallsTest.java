package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.config.Listener.Name;
import io.postrider.store.Directory;
import io.postrider.testkit.TestClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants with accounts and mailboxes of the same names: neither meets the other in IMAP, POP3 or LMTP. */
class TenantWallsTest {
    private static final String HERE = "alice@example.com";
    private static final String THERE = "alice@other.example";

    @TempDir
    static Path directory;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(directory, "alice");
        Directory accounts = node.node().store().directory();
        TestNode.await(accounts.addDomain("other.example", "other"));
        String verifier = node.database().queryOne("select verifier from credential");
        TestNode.await(accounts.createAccounts(List.of(new Directory.NewAccount(THERE, verifier, 0))));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void mailGoesToTheOneItIsForAndIsSeenByNobodyElse() {
        deliver("only for there", THERE, "250");
        try (TestClient here = login(HERE);
                TestClient there = login(THERE)) {
            assertTrue(ask(here, "STATUS INBOX (MESSAGES)").contains("MESSAGES 0"));
            assertTrue(ask(there, "STATUS INBOX (MESSAGES)").contains("MESSAGES 1"));
            assertTrue(ask(there, "CREATE secret").contains("OK"));
            for (String name :
                    List.of("secret", "~alice@other.example/INBOX", "Other/alice@other.example", "#user/" + THERE)) {
                assertTrue(ask(here, "SELECT \"" + name + "\"").contains("NO "), name);
                assertTrue(ask(here, "STATUS \"" + name + "\" (MESSAGES)").contains("NO "), name);
                assertTrue(ask(here, "RENAME \"" + name + "\" mine").contains("NO "), name);
                assertTrue(ask(here, "DELETE \"" + name + "\"").contains("NO "), name);
            }
            assertFalse(ask(here, "LIST \"\" *").contains("secret"));
            ask(here, "SELECT INBOX");
            assertFalse(ask(here, "UID FETCH 1:* (FLAGS)").contains("FETCH ("));
            assertTrue(ask(there, "SELECT secret").contains("OK"));
        }
        try (TestClient pop3 = TestClient.connect(node.port(Name.POP3))) {
            pop3.line();
            pop3.send("USER " + HERE).line();
            pop3.send("PASS secret").line();
            assertEquals("+OK 0 0", pop3.send("STAT").line());
        }
    }

    @Test
    void nobodyActsForAnother() {
        try (TestClient imap = TestClient.connect(node.port(Name.IMAP))) {
            imap.line();
            String plain = java.util.Base64.getEncoder()
                    .encodeToString(
                            (THERE + "\0" + HERE + "\0secret").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertTrue(ask(imap, "AUTHENTICATE PLAIN " + plain).contains("NO [AUTHORIZATIONFAILED]"));
        }
    }

    /** What an administrator does to the one leaves the other alone, in every protocol. */
    @Test
    void aSuspendedTenantIsSentAwayAndTheOtherStays() {
        try (TestClient here = login(HERE);
                TestClient there = login(THERE)) {
            assertTrue(ask(there, "NOOP").contains("OK"));
            node.database().execute("update tenant set state = 'suspended' where name = 'other'");
            node.database()
                    .execute("select pg_notify('postrider_changes', 'administrator t' || tenant_id) from tenant"
                            + " where name = 'other'");
            assertEquals("* BYE This account is suspended", there.line());
            assertTrue(ask(here, "NOOP").contains("OK"));
            deliver("too late", THERE, "450 4.2.1");
            deliver("in time", HERE, "250");
            try (TestClient again = TestClient.connect(node.port(Name.IMAP))) {
                again.line();
                assertTrue(ask(again, "LOGIN " + THERE + " secret").contains("NO "));
            }
        } finally {
            node.database().execute("update tenant set state = 'active'");
            try (TestClient here = login(HERE)) {
                ask(here, "SELECT INBOX");
                ask(here, "STORE 1:* +FLAGS.SILENT (\\Deleted)");
                ask(here, "EXPUNGE");
            }
        }
    }

    private static void deliver(String subject, String to, String reply) {
        try (TestClient lmtp = TestClient.connect(node.port(Name.LMTP))) {
            lmtp.line();
            lmtp.send("LHLO client.example.net").linesUntil(line -> line.startsWith("250 "));
            lmtp.send("MAIL FROM:<sender@example.net>").line();
            String rcpt = lmtp.send("RCPT TO:<" + to + ">").line();
            assertTrue(rcpt.startsWith(reply), rcpt);
            if (rcpt.startsWith("250")) {
                assertTrue(lmtp.send("DATA").line().startsWith("354"));
                assertTrue(lmtp.send("Subject: " + subject + "\r\n\r\nHello.\r\n.")
                        .line()
                        .startsWith("250"));
            }
        }
    }

    private static TestClient login(String address) {
        TestClient imap = TestClient.connect(node.port(Name.IMAP));
        imap.line();
        String reply = ask(imap, "LOGIN " + address + " secret");
        assertTrue(reply.contains("OK"), reply);
        return imap;
    }

    /** All lines of the answer. */
    private static String ask(TestClient imap, String command) {
        return String.join("\n", imap.imap(command));
    }
}
