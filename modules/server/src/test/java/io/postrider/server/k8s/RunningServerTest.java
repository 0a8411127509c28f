package io.postrider.server.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.postrider.server.TestNode;
import io.postrider.server.config.Listener.Name;
import io.postrider.store.Mailbox;
import io.postrider.store.Mailboxes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the manifests and their README expect of a server that runs. */
class RunningServerTest {
    @TempDir
    Path directory;

    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start(directory, "alice", "bob");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void theMetricsThatScaleAreThere() throws IOException, InterruptedException {
        JsonNode metrics = Manifests.of(Manifests.PRODUCTION)
                .one("HorizontalPodAutoscaler")
                .at("/spec/metrics");
        List<String> names = Manifests.stream(metrics)
                .filter(metric -> metric.get("type").asText().equals("Pods"))
                .map(metric -> metric.at("/pods/metric/name").asText())
                .toList();
        assertEquals(1, names.size());
        String exported = get("/metrics");
        names.forEach(name -> assertTrue(exported.contains("\n" + name + "{"), name));
    }

    @Test
    void probesAreAnsweredWhereTheyAsk() throws IOException, InterruptedException {
        JsonNode container = ReferencesTest.container(Manifests.of(Manifests.SMALL));
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            get(container.at("/" + probe + "/httpGet/path").asText());
        }
    }

    @Test
    void theReadmesMessageArrives() throws IOException {
        String readme = Files.readString(Manifests.ROOT.resolve("README.md"));
        List<String> said = Pattern.compile("printf \"(.*?)\"")
                .matcher(readme)
                .results()
                .map(text -> text.group(1).replace("\\r", "\r").replace("\\n", "\n"))
                .toList();
        StringBuilder heard = new StringBuilder();
        try (Socket socket = new Socket("127.0.0.1", node.port(Name.LMTP))) {
            socket.setSoTimeout(10_000);
            BufferedReader replies =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            heard.append(replies.readLine().charAt(0));
            for (String text : said) {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                // A message is one answer, whatever its lines; else each command has its own.
                long expected = text.endsWith("\r\n.\r\n") ? 1 : text.lines().count();
                for (long reply = 0; reply < expected; reply++) {
                    String line = replies.readLine();
                    while (line.charAt(3) == '-') {
                        line = replies.readLine();
                    }
                    heard.append(line.charAt(0));
                }
            }
        }
        // Greeting, LHLO, MAIL and RCPT, DATA, the message, QUIT.
        assertEquals("2222322", heard.toString());
        assertEquals(
                "1",
                node.database()
                        .queryOne("select messages from mailbox join account using (account_id)"
                                + " where address = 'alice@example.com' and name = 'INBOX'"));
    }

    /** Mail went on after the moment that was restored: no UIDVALIDITY of that time may come again. */
    @Test
    void afterARestoreEveryMailboxHasAUidValidityItNeverHad() throws IOException {
        Mailboxes mailboxes = node.node().store().mailboxes();
        long alice = Long.parseLong(
                node.database().queryOne("select account_id from account where address = 'alice@example.com'"));
        TestNode.await(mailboxes.create(alice, "Mailboxes are named so", Optional.empty()));
        // As if they had been made much later than they can be: a clock went back as well.
        node.database().execute("update mailbox set uid_validity = uid_validity + 1000 where name = 'INBOX'");
        Map<String, Mailbox> before = byName(TestNode.await(mailboxes.list(alice)));

        node.database().execute(Files.readString(Manifests.ROOT.resolve("database/restore/uidvalidity.sql")));

        long greatest =
                before.values().stream().mapToLong(Mailbox::uidValidity).max().orElseThrow();
        Map<String, Mailbox> after = byName(TestNode.await(mailboxes.list(alice)));
        assertEquals(before.keySet(), after.keySet());
        after.values().forEach(mailbox -> assertTrue(mailbox.uidValidity() > greatest, mailbox::toString));
        assertEquals(
                after.size(),
                after.values().stream().map(Mailbox::uidValidity).distinct().count());

        Mailbox next = TestNode.await(mailboxes.create(alice, "Next", Optional.empty()));
        after.values().forEach(mailbox -> assertTrue(mailbox.uidValidity() < next.uidValidity()));
        assertTrue(next.uidValidity() < 1L << 32, "no nz-number any more: RFC 9051 §9");
    }

    private static Map<String, Mailbox> byName(List<Mailbox> mailboxes) {
        return mailboxes.stream().collect(Collectors.toMap(Mailbox::name, Function.identity()));
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), path);
        return response.body();
    }
}
