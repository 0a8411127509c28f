package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Mail on iOS and macOS. */
class AppleClientsTest extends ClientStory {
    @Test
    void iosSeesTheInboxOfAServerThatOffersBothVersions() {
        TestMail.fill(client, "INBOX", 3);
        assertTrue(client.imap("CAPABILITY").get(0).contains(" IMAP4rev1 IMAP4rev2 "));
        // It enables nothing, so all must be as RFC 3501 has it.
        List<String> selected = client.imap("SELECT INBOX");
        assertTrue(selected.contains("* 3 EXISTS"), selected.toString());
        assertTrue(selected.contains("* 3 RECENT"), selected.toString());
        assertTrue(selected.stream().noneMatch(line -> line.startsWith("* LIST")), selected.toString());
        assertEquals("* SEARCH 1 2 3", client.imap("UID SEARCH 1:* NOT DELETED").get(0));
        client.imap("CREATE &Jjo-");
        assertEquals(
                "* LIST (\\HasNoChildren) \"/\" &Jjo-",
                client.imap("LIST \"\" &Jjo-").get(0));
    }

    /** iOS 18 */
    @Test
    void iosHearsOfAllItSentInOnePacketWithIdle() {
        client.sendRaw("a1 SELECT INBOX\r\na2 IDLE\r\nDONE\r\na3 NOOP\r\n");
        untilOk("a1");
        assertEquals("+ idling", client.line());
        assertStarts("a2 OK", client.line());
        assertEquals("a3 OK NOOP completed", client.line());
    }

    @Test
    void iosIsAnsweredThoughAnEmptyLineComesBeforeItsCommand() {
        client.sendRaw("\r\na1 NOOP\r\n\r\n\r\na2 SELECT INBOX\r\n");
        assertEquals("a1 OK NOOP completed", client.line());
        untilOk("a2");
    }

    /** RFC 7162 wants a number above 0. */
    @Test
    void appleMailAsksForChangesSinceZeroAndGetsAll() {
        TestMail.fill(client, "INBOX", 2);
        client.imap("SELECT INBOX");
        List<String> answer = client.imap("UID FETCH 1:* (FLAGS) (CHANGEDSINCE 0)");
        assertEquals(
                2, answer.stream().filter(line -> line.contains(" FETCH (UID ")).count(), answer.toString());
        assertStarts("OK", last(answer));
    }

    /** Mail 3.2: what is done by a slow command may not be answered behind a quick one. */
    @Test
    void appleMailHearsTheEndOfItsCommandsInTheOrderItSentThem() {
        TestMail.fill(client, "INBOX", 5);
        client.sendRaw(
                "a1 SELECT INBOX\r\na2 UID COPY 1:5 Archive\r\na3 NOOP\r\na4 UID STORE 1:5 +FLAGS.SILENT (\\Seen)\r\n"
                        + "a5 CHECK\r\na6 UID SEARCH BODY text\r\na7 CAPABILITY\r\na8 CLOSE\r\n");
        List<String> tagged = client.linesUntil(line -> line.startsWith("a8 ")).stream()
                .filter(line -> line.startsWith("a"))
                .map(line -> line.substring(0, 5))
                .toList();
        assertEquals(List.of("a1 OK", "a2 OK", "a3 OK", "a4 OK", "a5 OK", "a6 OK", "a7 OK", "a8 OK"), tagged);
    }

    /** hMailServer ran out of memory, others said NO: the client asked again and again. */
    @Test
    void iosReadsPastTheEndOfAPartAndGetsNothing() {
        TestMail.fill(client, "INBOX", 1);
        client.imap("SELECT INBOX");
        assertEquals(
                "* 1 FETCH (UID 1 BODY[TEXT]<393216> \"\")",
                client.imap("UID FETCH 1 (BODY.PEEK[TEXT]<393216.393216>)").get(0));
    }
}
