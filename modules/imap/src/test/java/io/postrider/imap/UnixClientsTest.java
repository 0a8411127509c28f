package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What synchronises, copies and fetches without a face: mbsync, imapsync, fetchmail; mutt; and what is made of JavaMail. */
class UnixClientsTest extends ClientStory {
    @Test
    void mbsyncMayTrustUidNextAndAppendUid() {
        client.imap("SELECT INBOX");
        for (int uid = 1; uid <= 3; uid++) {
            assertEquals(
                    "* STATUS INBOX (UIDNEXT " + uid + ")",
                    client.imap("STATUS INBOX (UIDNEXT)").get(0));
            String message = TestMail.numbered(uid);
            client.sendRaw("m APPEND INBOX {" + message.length() + "+}\r\n" + message + "\r\n");
            String tagged = last(client.linesUntil(line -> line.startsWith("m ")));
            assertTrue(tagged.matches("m OK \\[APPENDUID \\d+ " + uid + "].*"), tagged);
        }
    }

    @Test
    void imapsyncCountsTheSameBySearchBySelectAndBySize() {
        TestMail.fill(client, "INBOX", 5);
        client.imap("SELECT INBOX");
        client.imap("STORE 2 +FLAGS.SILENT (\\Deleted)");
        client.imap("EXPUNGE");
        assertTrue(client.imap("SELECT INBOX").contains("* 4 EXISTS"));
        assertEquals("* SEARCH 1 3 4 5", client.imap("UID SEARCH ALL").get(0));
        long sum = client.imap("UID FETCH 1:* RFC822.SIZE").stream()
                .filter(line -> line.contains("RFC822.SIZE"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*RFC822.SIZE (\\d+).*", "$1")))
                .sum();
        assertEquals(
                "* STATUS INBOX (SIZE " + sum + ")",
                client.imap("STATUS INBOX (SIZE)").get(0));
    }

    @Test
    void imapsyncSendsSetsOf60000Octets() {
        TestMail.fill(client, "INBOX", 3);
        client.imap("SELECT INBOX");
        String set = IntStream.rangeClosed(1, 12_000)
                .filter(n -> n % 2 == 1)
                .mapToObj(n -> String.format("%09d", n).replaceFirst("^0+", "10000"))
                .collect(Collectors.joining(","));
        assertTrue(set.length() > 50_000);
        assertEquals(
                "* 2 FETCH (UID 2)", client.imap("UID FETCH 2," + set + " UID").get(0));
    }

    @Test
    void fetchmailCountsAnExpungeForEachMessage() {
        TestMail.fill(client, "INBOX", 4);
        client.imap("SELECT INBOX");
        client.imap("STORE 1:3 +FLAGS.SILENT (\\Deleted)");
        assertEquals(
                List.of("* 3 EXPUNGE", "* 2 EXPUNGE", "* 1 EXPUNGE", "OK EXPUNGE completed"), client.imap("EXPUNGE"));
    }

    /** Where a server expunged in the background, the next session still counted what had gone. */
    @Test
    void fetchmailFindsNothingLeftOfWhatItHasExpunged() {
        TestMail.fill(client, "INBOX", 3);
        client.imap("SELECT INBOX");
        client.imap("STORE 1:2 +FLAGS.SILENT (\\Deleted)");
        assertEquals(List.of("* 2 EXPUNGE", "* 1 EXPUNGE", "OK EXPUNGE completed"), client.imap("EXPUNGE"));
        try (TestClient next = server.login(address)) {
            assertTrue(next.imap("SELECT INBOX").contains("* 1 EXISTS"));
            assertEquals("* SEARCH 3", next.imap("UID SEARCH ALL").get(0));
        }
    }

    @Test
    void muttSendsDoneAndEverythingElseInOneWrite() {
        TestMail.fill(client, "INBOX", 2);
        client.imap("SELECT INBOX");
        client.send("a0 IDLE");
        assertEquals("+ idling", client.line());
        client.sendRaw(
                "DONE\r\na1 STATUS Archive (MESSAGES)\r\na2 STATUS Drafts (MESSAGES)\r\na3 STATUS Junk (MESSAGES)\r\n"
                        + "a4 STATUS Sent (MESSAGES)\r\na5 STATUS Trash (MESSAGES)\r\n"
                        + "a6 UID STORE 1 +FLAGS.SILENT (\\Deleted)\r\na7 EXPUNGE\r\n");
        List<String> lines = client.linesUntil(line -> line.startsWith("a7 "));
        assertStarts("a0 OK", lines.get(0));
        assertEquals(
                5, lines.stream().filter(line -> line.startsWith("* STATUS ")).count());
        assertEquals("* 1 EXPUNGE", lines.get(lines.size() - 2));
        assertStarts("a7 OK", last(lines));
    }

    /** Without, it fetches the flags of all each time: 4 MB of a mailbox of 100,000. */
    @Test
    void muttHearsOnlyWhatHasChangedSinceItWasHereLast() {
        TestMail.fill(client, "INBOX", 20);
        client.imap("ENABLE QRESYNC");
        List<String> selected = client.imap("SELECT INBOX");
        String validity = code(selected, "UIDVALIDITY");
        String known = code(selected, "HIGHESTMODSEQ");
        client.imap("UNSELECT");
        try (TestClient other = server.login(address)) {
            other.imap("SELECT INBOX");
            other.imap("STORE 7 +FLAGS.SILENT ($Work)");
            other.imap("STORE 9 +FLAGS.SILENT (\\Deleted)");
            other.imap("EXPUNGE");
        }
        List<String> told = client.imap("SELECT INBOX (QRESYNC (" + validity + " " + known + " 1:20))").stream()
                .filter(line -> line.contains(" FETCH ") || line.contains("VANISHED"))
                .toList();
        assertEquals(2, told.size(), told.toString());
        assertEquals("* VANISHED (EARLIER) 9", told.get(0));
        // The keyword too, which its own cache once lost.
        assertTrue(told.get(1).matches("\\* 7 FETCH \\(UID 7 FLAGS \\(.*\\$Work\\) MODSEQ \\(\\d+\\)\\)"), told.get(1));
    }

    private static String code(List<String> answer, String name) {
        return answer.stream()
                .filter(line -> line.contains("[" + name + " "))
                .findFirst()
                .orElseThrow()
                .replaceAll(".*\\[" + name + " (\\d+)].*", "$1");
    }

    /** It crashed when messages went while it fetched by number. */
    @Test
    void muttIsNotToldOfAnExpungeWhileItFetchesByNumber() {
        TestMail.fill(client, "INBOX", 4);
        client.imap("SELECT INBOX");
        expungeElsewhere("1:2");
        List<String> fetched = client.imap("FETCH 3:4 UID");
        assertEquals("* 3 FETCH (UID 3)", fetched.get(0));
        assertEquals("* 4 FETCH (UID 4)", fetched.get(1));
        assertTrue(fetched.stream().noneMatch(line -> line.contains("EXPUNGE")), fetched.toString());
        assertEquals(List.of("* 2 EXPUNGE", "* 1 EXPUNGE", "OK NOOP completed"), client.imap("NOOP"));
    }

    /** It was given another message than the one it asked for, since numbers had moved up meanwhile. */
    @Test
    void javaMailNeverGetsAnotherMessageThanTheOneItMeans() {
        TestMail.fill(client, "INBOX", 4);
        client.imap("SELECT INBOX");
        expungeElsewhere("2");
        assertEquals("* 3 FETCH (UID 3)", client.imap("FETCH 3 UID").get(0));
        for (int attempt = 0; attempt < 2; attempt++) {
            List<String> gone = client.imap("FETCH 2 (UID BODY.PEEK[])");
            assertEquals(List.of("OK [EXPUNGEISSUED] Some messages no longer exist"), gone);
        }
        assertEquals(
                List.of("OK [EXPUNGEISSUED] Some messages no longer exist"), client.imap("STORE 2 +FLAGS (\\Seen)"));
        client.imap("NOOP");
        assertEquals("* 2 FETCH (UID 3)", client.imap("FETCH 2 UID").get(0));
    }

    /** What another session moved in while this one looked away belongs to what n:* names. */
    @Test
    void syncFromAUidToTheEndMissesNothingThatAnotherSessionMovedIn() {
        TestMail.fill(client, "Archive", 3);
        TestMail.fill(client, "INBOX", 2);
        client.imap("SELECT INBOX");
        try (TestClient other = server.login(address)) {
            other.imap("SELECT Archive");
            other.imap("UID MOVE 1:3 INBOX");
        }
        List<String> fetched = client.imap("UID FETCH 3:* (UID)");
        for (int uid = 3; uid <= 5; uid++) {
            assertTrue(fetched.contains("* " + uid + " FETCH (UID " + uid + ")"), fetched.toString());
        }
    }

    private void expungeElsewhere(String numbers) {
        try (TestClient other = server.login(address)) {
            other.imap("SELECT INBOX");
            other.imap("STORE " + numbers + " +FLAGS.SILENT (\\Deleted)");
            other.imap("EXPUNGE");
        }
    }
}
