package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** METRICS.md and what a node shows after some traffic are the same: every name, its type, its labels. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("METRICS.md");
    /** A line of the page's tables: name, type, labels, meaning. */
    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9_]+)` \\| ([a-z]+)(\\?)? \\|([^|]*)\\| [^|]+ \\|");

    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    private static TestNode node;
    private static String metrics;

    @BeforeAll
    static void traffic(@TempDir Path directory) throws Exception {
        node = TestNode.start(directory, "alice", "bob");
        try (TestClient lmtp = TestClient.connect(node.port(Name.LMTP));
                TestClient imap = TestClient.connect(node.port(Name.IMAP));
                TestClient pop3 = TestClient.connect(node.port(Name.POP3))) {
            lmtp.line();
            lmtp.send("LHLO localhost").linesUntil(line -> line.startsWith("250 "));
            lmtp.send("MAIL FROM:<a@example.org>").line();
            lmtp.send("RCPT TO:<alice@example.com>").line();
            lmtp.send("DATA").line();
            assertTrue(lmtp.send("Subject: x\r\n\r\nx\r\n.").line().startsWith("250 "));
            imap.line();
            imap.imap("LOGIN alice@example.com secret");
            imap.imap("SELECT INBOX");
            assertTrue(imap.imap("FETCH 1 (BODY[] ENVELOPE)").size() > 1);
            imap.imap("NONSENSE");
            pop3.line();
            pop3.send("USER alice@example.com").line();
            pop3.send("PASS secret").line();
            pop3.send("RETR 1").linesUntil("."::equals);
            metrics = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void thePageTellsOfEveryMetricAndOfNoOther() throws Exception {
        SortedMap<String, String> onPage = new TreeMap<>();
        Set<String> onceItHappened = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            onPage.put(row.group(1), row.group(2) + " " + labels(row.group(4)));
            if (row.group(3) != null) {
                onceItHappened.add(row.group(1));
            }
        }
        SortedMap<String, String> shown = shown();
        onceItHappened.removeAll(shown.keySet());
        onPage.keySet().removeAll(onceItHappened);
        assertEquals(lines(onPage), lines(shown));
    }

    @Test
    void aMetricsHelpIsItsSentenceOnThePage() {
        assertTrue(metrics.contains("\n# HELP postrider_connections_accepted_total Connections taken in.\n"), metrics);
        List<String> helped = metrics.lines()
                .filter(line -> line.matches("# HELP [a-z0-9_]+ \\S.*"))
                .map(line -> line.split(" ")[2])
                .toList();
        assertEquals(
                List.of(),
                shown().keySet().stream().filter(name -> !helped.contains(name)).toList());
    }

    @Test
    void aSecondLoginIsAHit() {
        assertTrue(
                metrics.contains("postrider_cache_requests_total{cache=\"verified_logins\",outcome=\"hit\"} 1.0"),
                metrics);
    }

    @Test
    void sessionsAreCountedByStateAndTls() {
        assertTrue(metrics.contains(
                "postrider_connections{listener=\"imap\",protocol=\"imap\",state=\"selected\",tls=\"false\"} 1.0"));
        assertTrue(
                metrics.contains(
                        "postrider_connections{listener=\"pop3\",protocol=\"pop3\",state=\"authenticated\",tls=\"false\"} 1.0"));
        assertTrue(
                metrics.contains(
                        "postrider_connections{listener=\"lmtp\",protocol=\"lmtp\",state=\"not_authenticated\",tls=\"false\"} 1.0"));
    }

    @Test
    void aTenantsCommandsAndDeliveriesAreItsOwn() {
        assertTrue(metrics.contains("postrider_tenant_deliveries_total{tenant=\"example.com\"} 1.0"), metrics);
        assertTrue(metrics.contains("postrider_tenant_deliveries_total{tenant=\"other\"} 0.0"));
        assertTrue(metrics.contains("postrider_tenant_commands_total{tenant=\"example.com\"} 6.0"), metrics);
    }

    @Test
    void theRowsChunksAndBatchesOfTheStoreAreCounted() {
        for (String line : new String[] {
            "postrider_append_batch_messages_count 1",
            "postrider_database_pool_in_use 0.0",
            "postrider_database_pool_waiting 0.0",
            "postrider_feed_listening 1.0",
            "postrider_feed_watched_mailboxes 1.0",
            "postrider_statement_rows_total{name=\"credentials.proofs\"} 2.0"
        }) {
            assertTrue(metrics.contains("\n" + line + "\n"), line + " is not in\n" + metrics);
        }
    }

    /** Each metric's type and labels, as /metrics shows them. */
    private static SortedMap<String, String> shown() {
        SortedMap<String, String> types = new TreeMap<>();
        SortedMap<String, Set<String>> labels = new TreeMap<>();
        for (String line : metrics.split("\n")) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ");
                types.put(words[2], words[3]);
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                String name = types.containsKey(sample.group(1))
                        ? sample.group(1)
                        : sample.group(1).replaceFirst("_(bucket|count|sum)$", "");
                Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
                while (label.find()) {
                    labels.computeIfAbsent(name, n -> new TreeSet<>()).add(label.group(1));
                }
            }
        }
        // Micrometer adds the longest of late to each histogram.
        types.keySet()
                .removeIf(name -> name.endsWith("_max") && types.containsKey(name.substring(0, name.length() - 4)));
        types.replaceAll((name, type) -> {
            Set<String> its = labels.getOrDefault(name, new TreeSet<>());
            its.remove("le");
            return type + " " + its;
        });
        return types;
    }

    private static Set<String> labels(String cell) {
        return Arrays.stream(cell.replace("`", "").split(","))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String lines(SortedMap<String, String> all) {
        return all.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining("\n"));
    }
}
