package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Coming back to a mailbox when the store has forgotten what went when. RFC 7162 §3.2.5, §3.2.6 */
class QuickResyncTest {
    private static final Pattern VALIDITY = Pattern.compile("UIDVALIDITY (\\d+)");

    private static ImapServer server;
    private static String uidValidity;

    /** As in the RFC's example: only messages divisible by three are left of thirty, and of the rest nothing is known. */
    @BeforeAll
    static void start() {
        server = ImapServer.start();
        server.createAccount("alice@example.com");
        try (TestClient client = server.login("alice@example.com")) {
            TestMail.fillAtOnce(client, "INBOX", 30);
            List<String> selected = client.imap("SELECT INBOX");
            Matcher validity = VALIDITY.matcher(String.join("\n", selected));
            assertTrue(validity.find());
            uidValidity = validity.group(1);
            client.imap("STORE "
                    + IntStream.rangeClosed(1, 30)
                            .filter(n -> n % 3 != 0)
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(","))
                    + " +FLAGS.SILENT (\\Deleted)");
            client.imap("EXPUNGE");
            TestMail.sql(server, "delete from expunged");
            TestMail.sql(server, "update mailbox set expunged_pruned_modseq = highest_modseq");
            client.imap("STORE 10 +FLAGS (\\Seen)");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> vanished(String command) {
        try (TestClient client = server.login("alice@example.com")) {
            client.imap("ENABLE QRESYNC");
            List<String> answer = client.imap(command);
            assertTrue(answer.get(answer.size() - 1).startsWith("OK"), answer.toString());
            return answer.stream()
                    .filter(line -> line.startsWith("* VANISHED") || line.contains("FETCH"))
                    .map(line -> line.replaceAll("MODSEQ \\(\\d+\\)", "MODSEQ"))
                    .toList();
        }
    }

    @Test
    void allThatIsNotThereHasVanished() {
        assertEquals(
                List.of(
                        "* VANISHED (EARLIER) 1:2,4:5,7:8,10:11,13:14,16:17,19:20,22:23,25:26,28:29",
                        "* 10 FETCH (UID 30 FLAGS (\\Seen) MODSEQ)"),
                vanished("EXAMINE INBOX (QRESYNC (" + uidValidity + " 3))"));
    }

    @Test
    void onlyOfWhatTheClientKnows() {
        assertEquals(
                List.of("* VANISHED (EARLIER) 2,4:5,28"),
                vanished("EXAMINE INBOX (QRESYNC (" + uidValidity + " 3 2:6,28))"));
        assertEquals(
                List.of(
                        "* VANISHED (EARLIER) 28:29", // not 31, which no message has had yet
                        "* 10 FETCH (UID 30 FLAGS (\\Seen) MODSEQ)"),
                vanished("EXAMINE INBOX (QRESYNC (" + uidValidity + " 3 27:40))"));
    }

    @Test
    void nothingUpToTheLastNumberThatStillHasTheUidTheClientKnows() {
        assertEquals(
                List.of("* VANISHED (EARLIER) 25:26,28:29", "* 10 FETCH (UID 30 FLAGS (\\Seen) MODSEQ)"),
                vanished("EXAMINE INBOX (QRESYNC (" + uidValidity + " 3 1:30 (2,5,8 6,15,24)))"));
        // The third pair is another message by now.
        assertEquals(
                List.of(
                        "* VANISHED (EARLIER) 16:17,19:20,22:23,25:26,28:29",
                        "* 10 FETCH (UID 30 FLAGS (\\Seen) MODSEQ)"),
                vanished("EXAMINE INBOX (QRESYNC (" + uidValidity + " 3 1:30 (2,5,8 6,15,25)))"));
        assertEquals(
                List.of("* 10 FETCH (UID 30 FLAGS (\\Seen) MODSEQ)"),
                vanished("EXAMINE INBOX (QRESYNC (" + uidValidity + " 3 (9:10 27,30)))"));
    }

    @Test
    void whoHasHeardOfTheLastThatWasForgottenIsToldNothing() {
        try (TestClient client = server.login("alice@example.com")) {
            List<String> status = client.imap("STATUS INBOX (HIGHESTMODSEQ)");
            long highest = Long.parseLong(status.get(0).replaceAll(".*HIGHESTMODSEQ (\\d+).*", "$1"));
            // The flag of the last message was changed after it.
            assertEquals(
                    List.of("* 10 FETCH (UID 30 FLAGS (\\Seen) MODSEQ)"),
                    vanished("EXAMINE INBOX (QRESYNC (" + uidValidity + " " + (highest - 1) + "))"));
        }
    }

    @Test
    void uidFetchSaysTheSame() {
        try (TestClient client = server.login("alice@example.com")) {
            client.imap("ENABLE QRESYNC");
            client.imap("EXAMINE INBOX");
            assertEquals(
                    "* VANISHED (EARLIER) 25:26,28:29",
                    client.imap("UID FETCH 24:* (UID) (CHANGEDSINCE 3 VANISHED)")
                            .get(0));
        }
    }

    /** However the client lies, the server answers, and soon. */
    @Test
    void absurdSequenceMatchDataIsHarmless() {
        assertEquals(
                11,
                vanished("EXAMINE INBOX (QRESYNC (" + uidValidity + " 3 1:4294967294 (1:4294967294 1:4294967294)))")
                                .get(0)
                                .split(",")
                                .length
                        + 1);
        assertEquals(
                List.of("* VANISHED (EARLIER) 28:29", "* 10 FETCH (UID 30 FLAGS (\\Seen) MODSEQ)"),
                vanished("EXAMINE INBOX (QRESYNC (" + uidValidity + " 3 28:30 (4000000000:4000000005 7)))"));
    }
}
