package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Timer;
import io.postrider.store.Messages;
import io.postrider.testkit.TestClient;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mailbox larger than any batch: 16,000 messages, of which every command is asked for all. */
class ManyMessagesTest {
    private static final int COUNT = 16_000;

    private ImapServer server;
    private TestClient client;

    @BeforeEach
    void start() {
        server = ImapServer.start();
        server.createAccount("many@example.com");
        client = server.login("many@example.com");
        TestMail.fillAtOnce(client, "INBOX", 1000);
        client.imap("SELECT INBOX");
        for (int count = 1000; count < COUNT; count *= 2) {
            client.imap("COPY 1:* INBOX");
        }
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void allAtOnceInFewRoundTripsAndTheOtherSessionHearsAll() {
        assertTrue(COUNT > StoreCommand.MESSAGES_AT_ONCE && COUNT > Messages.MAX_FETCH_ROWS);
        try (TestClient other = server.login("many@example.com")) {
            assertTrue(other.imap("SELECT INBOX").contains("* " + COUNT + " EXISTS"));

            long before = fetches();
            List<String> flags = client.imap("FETCH 1:* FLAGS");
            assertEquals(COUNT + 1, flags.size());
            assertEquals("* " + COUNT + " FETCH (FLAGS (\\Recent))", flags.get(COUNT - 1));
            assertEquals(2, fetches() - before);

            List<String> stored = client.imap("UID STORE 1:* +FLAGS (\\Seen)");
            assertEquals(COUNT + 1, stored.size());
            assertEquals("* 10001 FETCH (UID 10001 FLAGS (\\Seen \\Recent))", stored.get(10_000));
            List<String> news = other.imap("NOOP");
            assertEquals(COUNT + 1, news.size());
            assertEquals("* 10001 FETCH (UID 10001 FLAGS (\\Seen))", news.get(10_000));

            client.imap("STORE 1," + scattered() + " FLAGS.SILENT (\\Deleted)");
            List<String> found = client.imap("SEARCH UNDELETED");
            assertEquals(COUNT / 2 - 1, found.get(0).split(" ").length - 2);
            List<String> expunged = client.imap("EXPUNGE");
            assertEquals(COUNT / 2 + 2, expunged.size());
            assertEquals("* 1 EXPUNGE", expunged.get(COUNT / 2));
            assertEquals(COUNT / 2 + 2, othersExpunges(other));
            assertEquals(client.imap("FETCH 1:* UID"), other.imap("FETCH 1:* UID"));
        }
    }

    /** Every even number: as many ranges as messages. */
    private static String scattered() {
        StringBuilder set = new StringBuilder();
        IntStream.rangeClosed(1, COUNT / 2)
                .forEach(i -> set.append(set.length() == 0 ? "" : ",").append(2 * i));
        return set.toString();
    }

    private static int othersExpunges(TestClient other) {
        List<String> news = other.imap("CHECK");
        return (int) news.stream().filter(line -> line.endsWith(" EXPUNGE")).count() + 1;
    }

    private long fetches() {
        Timer timer = server.metrics()
                .find("postrider.statements")
                .tag("name", "messages.fetch")
                .tag("outcome", "ok")
                .timer();
        return timer == null ? 0 : timer.count();
    }
}
