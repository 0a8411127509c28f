package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Timer;
import io.postrider.store.Account;
import io.postrider.store.Mailboxes;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many mailboxes, deep ones, and long names. */
class ManyMailboxesTest {
    private static final int MANY = 10_000;
    /** What an account is made with. */
    private static int usual;

    private static ImapServer server;

    @BeforeAll
    static void start() {
        server = ImapServer.start();
        Account many = server.createAccount("many@example.com");
        server.createAccount("deep@example.com");
        try (TestClient client = server.login("many@example.com")) {
            usual = client.imap("LIST \"\" *").size() - 1;
            client.imap("CREATE Box");
        }
        TestMail.sql(
                server,
                "insert into mailbox (account_id, mailbox_id, name, uid_validity, uid_next, messages, recent_from)"
                        + " select " + many.accountId()
                        + ", nextval('mailbox_id_seq'), 'Box/' || lpad(n::text, 5, '0'), n, 3, 1, 1"
                        + " from generate_series(2, " + MANY + ") as n");
        TestMail.sql(
                server,
                "insert into message (account_id, mailbox_id, uid, modseq, flags, internal_date, save_date, size, content_id)"
                        + " select account_id, mailbox_id, 2, 1, 0, now(), now(), 1, 1 from mailbox where name like 'Box/%'");
        TestMail.sql(server, "analyze mailbox; analyze message");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What asks of mailboxes: the node itself asks of other things now and then. */
    private static long statements() {
        return server.metrics().find("postrider.statements").timers().stream()
                .filter(timer -> timer.getId().getTag("name").matches("(mailboxes|messages)\\..*"))
                .mapToLong(Timer::count)
                .sum();
    }

    /** @return the lines of the answer without the tagged reply */
    private static List<String> listed(TestClient client, String command, int statements) {
        long before = statements();
        List<String> answer = client.imap(command);
        assertEquals(statements, statements() - before, command);
        assertEquals("OK LIST completed", answer.get(answer.size() - 1));
        return answer.subList(0, answer.size() - 1);
    }

    @Test
    void tenThousandAreListedByOneStatement() {
        try (TestClient client = server.login("many@example.com")) {
            List<String> all = listed(client, "LIST \"\" *", 1);
            assertEquals(usual + MANY, all.size());
            assertTrue(all.contains("* LIST (\\HasChildren) \"/\" Box"), all.get(0));
            assertEquals(1, listed(client, "LIST \"\" Box/09999", 1).size());
            assertEquals(usual + 1, listed(client, "LIST \"\" %", 1).size());
            // With their counters.
            List<String> status = listed(client, "LIST \"\" Box/% RETURN (STATUS (MESSAGES UIDNEXT))", 1);
            assertEquals(2 * (MANY - 1), status.size());
            assertTrue(status.contains("* STATUS Box/00777 (MESSAGES 1 UIDNEXT 3)"));
            // What is \Recent must be counted, by one more for all.
            List<String> recent = listed(client, "LIST \"\" Box/% RETURN (STATUS (RECENT))", 2);
            assertTrue(recent.contains("* STATUS Box/00777 (RECENT 1)"));
            listed(client, "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %", 2);
        }
    }

    @Test
    void aNameAsDeepAndAsLongAsMayBe() {
        try (TestClient client = server.login("deep@example.com")) {
            String deepest = String.join(
                    "/", Stream.generate(() -> "d").limit(Mailboxes.MAX_DEPTH).toList());
            assertStarts("OK", client.imap("CREATE " + deepest));
            assertStarts("NO [LIMIT]", client.imap("CREATE " + deepest + "/d"));
            assertEquals(Mailboxes.MAX_DEPTH + 1, client.imap("LIST \"\" d*").size());
            assertStarts("OK", client.imap("SELECT " + deepest));
            assertStarts("NO [LIMIT]", client.imap("RENAME d deeper/d"));
            assertStarts("OK", client.imap("RENAME d e"));
            assertStarts("OK", client.imap("STATUS " + deepest.replaceFirst("d", "e") + " (MESSAGES)"));

            String longest = "x".repeat(Mailboxes.MAX_NAME_OCTETS);
            assertStarts("OK", client.imap("CREATE " + longest));
            assertStarts("NO [LIMIT]", client.imap("CREATE " + longest + "x"));
            assertEquals(
                    "* LIST (\\HasNoChildren) \"/\" " + longest,
                    client.imap("LIST \"\" x*").get(0));
            assertStarts("NO [LIMIT]", client.imap("RENAME " + longest + " y" + longest));
            // Octets count, not characters: each of these is three.
            String snowman = new String("☃".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            String snowmen = snowman.repeat(Mailboxes.MAX_NAME_OCTETS / 3);
            client.imap("ENABLE IMAP4rev2");
            assertStarts("OK", client.imap("CREATE \"" + snowmen + "\""));
            assertStarts("NO [LIMIT]", client.imap("CREATE \"" + snowmen + snowman + "\""));
        }
    }

    private static void assertStarts(String expected, List<String> answer) {
        String last = answer.get(answer.size() - 1);
        assertTrue(last.startsWith(expected), last);
    }
}
