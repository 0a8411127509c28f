package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people saw their clients do with other servers when they searched, sorted and waited for news. */
class FindingClientsTest {
    private static ImapServer server;
    private static ImapServer secondNode;

    @BeforeAll
    static void start() {
        server = ImapServer.start();
        secondNode = server.secondNode();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** offlineimap 7: what it could not find again by its header it appended again, without end. */
    @Test
    void offlineimapFindsWhatItHasJustAppendedByItsHeaderAndNothingElse() {
        server.createAccount("offlineimap@example.com");
        try (TestClient client = server.login("offlineimap@example.com");
                TestClient other = secondNode.login("offlineimap@example.com")) {
            client.imap("SELECT INBOX");
            for (int i = 1; i <= 3; i++) {
                String header = "X-OfflineIMAP: 1234567" + i + "-0123456789-v7.3.3\r\n";
                TestMail.append(other, "INBOX", "", header + TestMail.numbered(i));
                List<String> found = client.imap("UID SEARCH HEADER X-OfflineIMAP 1234567" + i + "-0123456789-v7.3.3");
                assertTrue(found.contains("* SEARCH " + i), found.toString());
            }
            assertTrue(client.imap("UID SEARCH HEADER X-OfflineIMAP 12345674-0123456789-v7.3.3")
                    .contains("* SEARCH"));
            // Not in a field of another name, whose text it is.
            assertTrue(client.imap("UID SEARCH HEADER X-Offline 12345671").contains("* SEARCH"));
        }
    }

    /** Roundcube gives up after 15 seconds, SnappyMail fetched every header: they want order from the server, and pages of it. */
    @Test
    void aWebmailGetsPagesOfALargeMailboxInOrderWithoutFetchingIt() {
        server.createAccount("webmail@example.com");
        int messages = 3000;
        try (TestClient client = server.login("webmail@example.com")) {
            TestMail.fillAtOnce(client, "INBOX", 1000);
            client.imap("SELECT INBOX");
            client.imap("COPY 1:* INBOX");
            client.imap("COPY 1:1000 INBOX");
            List<String> sorted = client.imap("UID SORT (REVERSE ARRIVAL) UTF-8 ALL");
            assertEquals(messages, sorted.get(0).substring("* SORT ".length()).split(" ").length);
            // Each of the thousand is there three times.
            String page = client.imap("UID SORT RETURN (COUNT PARTIAL 1:4) (SUBJECT) UTF-8 ALL")
                    .get(0);
            assertTrue(page.endsWith(" UID PARTIAL (1:4 1,1001,2001,10) COUNT 3000"), page);
            String threads = client.imap("UID THREAD REFERENCES UTF-8 ALL").get(0);
            assertEquals(messages, threads.split("[( )]+").length - 2, threads.substring(0, 100));
        }
    }

    /** imapsync compares what SEARCH ALL finds with what SELECT counts, and names thousands of UIDs in one line. */
    @Test
    void imapsyncFindsAsManyAsThereAreAndNamesThemAllInOneLine() {
        server.createAccount("imapsync@example.com");
        try (TestClient client = server.login("imapsync@example.com")) {
            TestMail.fillAtOnce(client, "INBOX", 1000);
            client.imap("SELECT INBOX");
            for (int round = 0; round < 4; round++) {
                client.imap("COPY 1:1000 INBOX");
            }
            List<String> selected = client.imap("EXAMINE INBOX");
            assertTrue(selected.contains("* 5000 EXISTS"), selected.toString());
            String all =
                    LongStream.rangeClosed(1, 5000).mapToObj(uid -> " " + uid).collect(Collectors.joining());
            assertEquals("* SEARCH" + all, client.imap("UID SEARCH ALL").get(0));
            String odd = LongStream.rangeClosed(1, 5000)
                    .filter(uid -> uid % 2 == 1)
                    .mapToObj(Long::toString)
                    .collect(Collectors.joining(","));
            assertEquals(2501, client.imap("UID FETCH " + odd + " UID").size());
            String counted = client.imap("UID SEARCH RETURN (COUNT) UID " + odd).get(0);
            assertTrue(counted.endsWith(" UID COUNT 2500"), counted);
        }
    }

    /** Outlook idles before it selects; a webmail idles in one mailbox and wants to know of the others. */
    @Test
    void whoIdlesHearsOfOtherMailboxesToo() {
        server.createAccount("idles@example.com");
        try (TestClient client = server.login("idles@example.com");
                TestClient other = secondNode.login("idles@example.com")) {
            client.imap("NOTIFY SET (PERSONAL (MessageNew MessageExpunge))");
            client.send("i IDLE");
            assertTrue(client.line().startsWith("+ "));
            TestMail.append(other, "Sent", "", TestMail.numbered(1));
            assertEquals("* STATUS Sent (MESSAGES 1 UIDNEXT 2)", client.line());
            client.send("DONE");
            assertTrue(client.line().startsWith("i OK"));
        }
    }

    @Test
    void searchNestedAsDeepAsMayBeIsAnswered() {
        server.createAccount("deep@example.com");
        int nots = SearchKeyReader.MAX_NESTING - 1;
        try (TestClient client = server.login("deep@example.com")) {
            TestMail.fill(client, "INBOX", 2);
            client.imap("SELECT INBOX");
            // The second message is new, the first is seen.
            String found = nots % 2 == 0 ? "* SEARCH 2" : "* SEARCH 1";
            assertEquals(
                    found, client.imap("SEARCH " + "NOT ".repeat(nots) + "NEW").get(0));
            assertTrue(client.imap("SEARCH " + "NOT ".repeat(nots + 1) + "NEW")
                    .get(0)
                    .startsWith("BAD"));
        }
    }
}
