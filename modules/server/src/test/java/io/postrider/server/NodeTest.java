package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTest {
    @TempDir
    static Path directory;

    private static TestNode node;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        node = TestNode.start(directory, "alice", "bob");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whatComesInByLmtpGoesOutByImapAndPop3() {
        try (TestClient lmtp = TestClient.connect(node.port(Name.LMTP))) {
            assertTrue(lmtp.line().startsWith("220 mx.example.com"));
            lmtp.send("LHLO client.example.net").linesUntil(line -> line.startsWith("250 "));
            lmtp.send("MAIL FROM:<sender@example.net>").line();
            lmtp.send("RCPT TO:<alice@example.com>").line();
            assertTrue(lmtp.send("DATA").line().startsWith("354"));
            assertTrue(lmtp.send("Subject: first\r\n\r\nHello.\r\n.").line().startsWith("250"));
        }
        try (TestClient imap = TestClient.connectTls(node.port(Name.IMAPS))) {
            imap.line();
            imap.imap("LOGIN alice@example.com secret");
            imap.imap("EXAMINE INBOX");
            assertTrue(imap.imap("FETCH 1 BODY.PEEK[TEXT]").contains("Hello."));
        }
        try (TestClient pop3 = TestClient.connectTls(node.port(Name.POP3S))) {
            pop3.line();
            pop3.send("USER alice@example.com").line();
            assertTrue(pop3.send("PASS secret").line().startsWith("+OK"));
            List<String> lines = pop3.send("RETR 1").linesUntil("."::equals);
            assertTrue(lines.contains("Subject: first"), lines.toString());
        }
    }

    @Test
    void liveAndReady() throws Exception {
        assertEquals(200, get("/health/live").statusCode());
        assertEquals("ready\n", get("/health/ready").body());
        assertEquals(404, get("/").statusCode());
        HttpRequest post = request("/metrics")
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertEquals(405, HTTP.send(post, HttpResponse.BodyHandlers.ofString()).statusCode());
    }

    @Test
    void metricsTellOfCommandsConnectionsLoginsAndTheJvm() throws Exception {
        try (TestClient imap = TestClient.connect(node.port(Name.IMAP))) {
            imap.line();
            imap.imap("LOGIN bob@example.com secret");
            imap.imap("LOGIN-ING");
            String metrics = get("/metrics").body();
            assertTrue(
                    metrics.lines()
                            .anyMatch(line -> line.startsWith("postrider_connections{") && line.contains("imap")),
                    metrics);
            for (String name :
                    List.of("postrider_commands_seconds_count{", "postrider_logins_total{", "jvm_memory_used_bytes{")) {
                assertTrue(metrics.contains("\n" + name), name + " is not in\n" + metrics);
            }
        }
    }

    @Test
    void notReadyWhileTheDatabaseDoesNotAnswerAndReadyAgainAfterwards(@TempDir Path own) throws Exception {
        try (TestNode lonely = TestNode.start(own, "carol")) {
            URI ready = URI.create("http://127.0.0.1:" + lonely.httpPort() + "/health/ready");
            lonely.database().execute("alter table schema_version rename to away");
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(ready)
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(503, answer.statusCode());
            assertEquals("the database does not answer\n", answer.body());
            lonely.database().execute("alter table away rename to schema_version");
            assertEquals(
                    200,
                    HTTP.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode());
        }
    }

    @Test
    void readinessWaitsForALockedDatabaseNoLongerThanItsBound(@TempDir Path own) throws Exception {
        try (TestNode lonely = TestNode.start(own, "carol")) {
            Thread locker = new Thread(() -> lonely.database()
                    .execute("begin; lock table schema_version in access exclusive mode; select pg_sleep(6); commit"));
            locker.start();
            while (!"1"
                    .equals(lonely.database()
                            .queryOne("select count(*) from pg_locks where mode = 'AccessExclusiveLock'"
                                    + " and relation = 'schema_version'::regclass"))) {
                Thread.sleep(20);
            }
            long start = System.nanoTime();
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + lonely.httpPort() + "/health/ready"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertEquals(503, answer.statusCode());
            assertTrue(
                    millis >= HttpEndpoints.READY_MILLIS && millis < HttpEndpoints.READY_MILLIS + 2_500,
                    millis + " ms");
            locker.join();
        }
    }

    @Test
    void aStopSaysGoodbyeAndFreesThePorts(@TempDir Path own) {
        TestNode stopped = TestNode.start(own, "carol");
        try (TestClient imap = TestClient.connect(stopped.port(Name.IMAP))) {
            imap.line();
            imap.imap("LOGIN carol@example.com secret");
            stopped.close();
            assertTrue(imap.line().startsWith("* BYE"));
            imap.expectClosed();
        }
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path));
    }
}
