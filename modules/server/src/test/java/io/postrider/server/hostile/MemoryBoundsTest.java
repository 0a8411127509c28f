package io.postrider.server.hostile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.TestNode;
import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a connection holds at most while its client does not read, over TLS. {@code benchmarks/slow-readers} has hundreds of
 * them, and of slow readers and writers of large messages, in little memory.
 */
class MemoryBoundsTest {
    private static final int CLIENTS = 24;
    private static final int LOG_LINES = 80;

    /** Of both sides, since the client's is in this process, too. All that it is told of would be twice as much. */
    private static final long MOST_OCTETS_OF_AN_IDLER = 256 << 10;

    @TempDir
    static Path directory;

    private static TestNode node;

    private final List<TestClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        node = TestNode.start(directory, Meanwhile.NAME, "idler");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @AfterEach
    void sendThemHome() {
        clients.forEach(TestClient::close);
    }

    @Test
    void whoDoesNotReadItsNewsIsNotToldMoreAndMore() {
        TestClient changes = login("idler");
        StringBuilder messages = new StringBuilder("a APPEND INBOX");
        messages.append(" {12+}\r\nSubject: a\r\n".repeat(300));
        changes.send(messages.toString()).linesUntil(line -> line.startsWith("a OK"));
        changes.imap("SELECT INBOX");
        clients.clear();
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES)) {
            for (int i = 0; i < CLIENTS; i++) {
                TestClient idler = login("idler");
                idler.imap("SELECT INBOX");
                idler.send("b IDLE").line();
            }
            long before = OctetsInUse.now();
            for (int i = 0; i < 30; i++) {
                // 300 lines for each of them, every time.
                changes.imap("STORE 1:* " + (i % 2 == 0 ? "+" : "-") + "FLAGS.SILENT ($Forwarded \\Flagged)");
            }
            bystander.isStillAnswered();
            assertHoldAtMost(MOST_OCTETS_OF_AN_IDLER, before);
        } finally {
            changes.close();
        }
    }

    /** For as long as the connections are quiet: what they are owed has come as far as it will. */
    private static void assertHoldAtMost(long octets, long before) {
        long each = 0;
        for (int look = 0; look < 4; look++) {
            Meanwhile.pause(250);
            each = Math.max(each, (OctetsInUse.now() - before) / CLIENTS);
        }
        System.out.println(each + " octets held for each, both sides");
        assertTrue(each < octets, each + " octets held for each");
    }

    private TestClient login(String name) {
        TestClient client = TestClient.connectTls(node.port(Name.IMAPS));
        clients.add(client);
        client.line();
        client.imap("LOGIN " + name + "@example.com " + TestNode.PASSWORD);
        return client;
    }
}
