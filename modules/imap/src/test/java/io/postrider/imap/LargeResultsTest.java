package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Messages;
import io.postrider.testkit.TestClient;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Results as large as one batch and one more, and as a sorted context may be and one more. */
class LargeResultsTest {
    @Test
    void whatGoesBeyondABatchIsThreadedAndWhatIsTooLargeIsNotKeptUpToDate() {
        assertEquals(Messages.THREAD_ROWS, SearchContexts.MAX_SORTED);
        try (ImapServer server = ImapServer.start()) {
            server.createAccount("large@example.com");
            try (TestClient client = server.login("large@example.com")) {
                TestMail.fillAtOnce(client, "INBOX", 1000);
                client.imap("SELECT INBOX");
                for (int present = 1000; present < SearchContexts.MAX_SORTED; present += 1000) {
                    client.imap("COPY 1:1000 INBOX");
                }
                List<String> kept = client.imap("UID SORT RETURN (COUNT UPDATE) (SUBJECT) UTF-8 ALL");
                assertTrue(kept.get(0).endsWith(" UID COUNT 10000"), kept.toString());
                assertTrue(kept.get(1).startsWith("OK"), kept.toString());
                // The next makes it too large.
                List<String> copied = client.imap("COPY 1 INBOX");
                assertTrue(copied.contains("* 10001 EXISTS"), copied.toString());
                assertTrue(copied.stream().anyMatch(line -> line.startsWith("* NO [NOUPDATE \"")), copied.toString());
                List<String> refused = client.imap("UID SORT RETURN (COUNT UPDATE) (SUBJECT) UTF-8 ALL");
                assertTrue(refused.get(0).endsWith(" UID COUNT 10001"), refused.toString());
                assertTrue(refused.get(1).startsWith("* NO [NOUPDATE \""), refused.toString());
                String threads = client.imap("UID THREAD REFERENCES UTF-8 ALL").get(0);
                assertEquals(
                        10_001,
                        Pattern.compile("\\d+").matcher(threads).results().count());
            }
        }
    }
}
