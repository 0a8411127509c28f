package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.PostgresServer;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What clients are told while PostgreSQL is gone, and that their sessions go on when it is back. */
class LostDatabaseTest {
    private static final long LONGEST_ANSWER_MILLIS = 6_000;
    private static final long BACK_AGAIN_MILLIS = 5_000;

    @TempDir
    Path directory;

    @Test
    void clientsAreToldToComeBackAndTheirSessionsGoOn() {
        try (PostgresServer database = PostgresServer.create(directory.resolve("data"))) {
            TestNode.prepare(PostgresServer.url(database), "alice");
            TestCertificate certificate = TestCertificate.create(directory, "localhost");
            // A host where nobody listens comes first.
            String url = PostgresServer.url(database).replace("@", "@127.0.0.1:1,");
            ListAppender<ILoggingEvent> log = listen();
            Node node = TestNode.await(Node.start(TestNode.configuration(url, certificate)));
            try (TestClient imap = TestClient.connect(node.port(Name.IMAP));
                    TestClient lmtp = TestClient.connect(node.port(Name.LMTP))) {
                imap.line();
                imap.imap("LOGIN alice@example.com secret");
                assertTrue(last(imap.imap("SELECT INBOX")).startsWith("OK "));
                lmtp.line();
                lmtp.send("LHLO client.example.net").linesUntil(line -> line.startsWith("250 "));
                lmtp.send("MAIL FROM:<sender@example.net>").line();

                database.kill();
                whileItIsGone(node, imap, lmtp);
                assertEquals(List.of(503, 503, 503), List.of(ready(node), ready(node), ready(node)));
                itIsCountedAsOurFault(node);
                database.start();
                whenItIsBack(imap, lmtp);
                assertEquals(List.of(200, 200), List.of(ready(node), ready(node)));
                assertEquals(
                        List.of("not ready", "ready again"),
                        log.list.stream()
                                .map(line -> line.getFormattedMessage().replaceFirst(": .*", ""))
                                .toList(),
                        "one line for each change, however often it is probed");
            } finally {
                TestNode.await(node.stop());
            }
        }
    }

    private static ListAppender<ILoggingEvent> listen() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(HttpEndpoints.class)).addAppender(log);
        return log;
    }

    private static int ready(Node node) {
        try {
            HttpURLConnection probe =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + node.httpPort() + "/health/ready")
                            .toURL()
                            .openConnection();
            return probe.getResponseCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void whileItIsGone(Node node, TestClient imap, TestClient lmtp) {
        for (String command : List.of(
                "STATUS Trash (MESSAGES)", "CREATE x", "LIST \"\" *", "COPY 1:* Trash", "SELECT INBOX", "NOOP")) {
            String reply = inTime(() -> last(imap.imap(command)));
            assertTrue(
                    reply.startsWith("NO [UNAVAILABLE] ") || command.equals("NOOP") || command.startsWith("COPY"),
                    command + ": " + reply);
        }
        String recipient = inTime(() -> lmtp.send("RCPT TO:<alice@example.com>").line());
        assertTrue(recipient.startsWith("451 "), recipient);
        try (TestClient another = TestClient.connect(node.port(Name.IMAP));
                TestClient pop3 = TestClient.connect(node.port(Name.POP3))) {
            another.line();
            String login = inTime(() -> last(another.imap("LOGIN alice@example.com secret")));
            assertTrue(login.startsWith("NO [UNAVAILABLE] "), login);
            pop3.line();
            pop3.send("USER alice@example.com").line();
            // RFC 3206 §4
            String pass = inTime(() -> pop3.send("PASS secret").line());
            assertTrue(pass.startsWith("-ERR [SYS/TEMP]"), pass);
        }
    }

    /** What the alert on failing commands looks for. */
    private static void itIsCountedAsOurFault(Node node) {
        String page;
        try (InputStream in = URI.create("http://127.0.0.1:" + node.httpPort() + "/metrics")
                .toURL()
                .openStream()) {
            page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String verb : List.of("\"imap\",verb=\"status\"", "\"pop3\",verb=\"pass\"", "\"lmtp\",verb=\"rcpt\"")) {
            String series = "postrider_commands_seconds_count{outcome=\"failed\",protocol=" + verb + "} 1";
            assertTrue(page.contains(series), "no " + series);
        }
    }

    private static void whenItIsBack(TestClient imap, TestClient lmtp) {
        untilServed(() -> last(imap.imap("SELECT INBOX")), reply -> reply.startsWith("OK "));
        untilServed(() -> lmtp.send("RCPT TO:<alice@example.com>").line(), reply -> reply.startsWith("250 "));
        assertTrue(lmtp.send("DATA").line().startsWith("354"));
        String delivered = lmtp.send("Subject: afterwards\r\n\r\nHello.\r\n.").line();
        assertTrue(delivered.startsWith("250 "), delivered);
        untilServed(() -> String.join("\n", imap.imap("NOOP")), reply -> reply.contains("1 EXISTS"));
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    private static String inTime(Supplier<String> asked) {
        long started = System.nanoTime();
        String reply = asked.get();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        assertTrue(millis < LONGEST_ANSWER_MILLIS, reply + " after " + millis + " ms");
        return reply;
    }

    private static void untilServed(Supplier<String> asked, Predicate<String> served) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BACK_AGAIN_MILLIS);
        String reply = asked.get();
        while (!served.test(reply)) {
            assertTrue(System.nanoTime() < end, "still " + reply);
            reply = asked.get();
        }
    }
}
