package io.postrider.server.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.postrider.server.TestNode;
import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector has heard of a whole node when that has stopped. */
class TracesTest {
    @TempDir
    static Path directory;

    private static Collector collector;

    @BeforeAll
    static void serve() throws IOException {
        collector = new Collector();
        Map<String, String> options = Map.of("traces.endpoint", collector.endpoint());
        try (TestNode node = TestNode.start(directory, options, "alice", "bob")) {
            deliver(node, "alice", "bob");
            imap(node, "SELECT INBOX", "FETCH 1 (FLAGS BODY.PEEK[])", "CREATE Sent", "HUNTER2");
        }
        // A node that stops has sent what it still had.
        collector.close();
    }

    @Test
    void aFetchIsToldWithItsStatements() {
        Span fetch = collector.only("imap FETCH");
        assertTrue(fetch.getParentSpanId().isEmpty());
        assertEquals(SpanKind.SPAN_KIND_SERVER, fetch.getKind());
        Map<String, String> told = Collector.attributes(fetch);
        assertEquals("imap", told.get("postrider.protocol"));
        assertEquals("FETCH", told.get("postrider.verb"));
        assertEquals("ok", told.get("postrider.outcome"));
        assertEquals("example.com", told.get("postrider.tenant"));
        assertFalse(told.get("postrider.connection").isEmpty());

        List<Span> statements = collector.within(fetch);
        assertEquals(List.of("messages.fetchContent"), Collector.names(statements));
        Span statement = statements.get(0);
        assertEquals(fetch.getTraceId(), statement.getTraceId());
        assertEquals(SpanKind.SPAN_KIND_CLIENT, statement.getKind());
        assertTrue(statement.getStartTimeUnixNano() >= fetch.getStartTimeUnixNano());
        assertTrue(statement.getEndTimeUnixNano() <= fetch.getEndTimeUnixNano());
        Map<String, String> ofStatement = Collector.attributes(statement);
        assertEquals("postgresql", ofStatement.get("db.system.name"));
        assertEquals("messages.fetchContent", ofStatement.get("db.query.summary"));
        assertEquals("1", ofStatement.get("db.response.returned_rows"));
        assertEquals("ok", ofStatement.get("postrider.outcome"));
    }

    @Test
    void aDeliveryIsToldForEachRecipient() {
        List<Span> deliveries = collector.within(collector.only("lmtp DATA")).stream()
                .filter(span -> span.getName().equals("delivery"))
                .toList();
        assertEquals(2, deliveries.size());
        for (Span delivery : deliveries) {
            assertEquals("example.com", Collector.attributes(delivery).get("postrider.tenant"));
            assertEquals("ok", Collector.attributes(delivery).get("postrider.outcome"));
            List<String> statements = Collector.names(collector.within(delivery));
            assertTrue(statements.contains("messages.append"), statements.toString());
        }
    }

    @Test
    void aTransactionIsToldWithItsStatements() {
        List<Span> transactions = collector.within(collector.only("imap CREATE"));
        assertEquals(1, transactions.size());
        List<String> statements = Collector.names(collector.within(transactions.get(0)));
        assertTrue(statements.size() > 1, statements.toString());
    }

    /** Names come from closed sets: a client's words stay out. */
    @Test
    void aCommandThatIsNoneIsToldAsOther() {
        assertEquals("bad", Collector.attributes(collector.only("imap other")).get("postrider.outcome"));
        assertFalse(collector.spans().toString().contains("HUNTER2"));
    }

    @Test
    void eachCommandIsATraceOfItsOwnAndAllElseIsWithinOne() {
        List<Span> spans = collector.spans();
        Map<Object, Span> byId = spans.stream().collect(Collectors.toMap(Span::getSpanId, Function.identity()));
        List<Span> commands =
                spans.stream().filter(span -> span.getParentSpanId().isEmpty()).toList();
        assertEquals(
                commands.size(),
                commands.stream().map(Span::getTraceId).distinct().count());
        assertEquals(
                List.of("imap CREATE", "imap FETCH", "imap LOGIN", "imap SELECT", "imap other"),
                Collector.names(commands).stream()
                        .filter(name -> name.startsWith("imap"))
                        .toList());
        for (Span span : spans) {
            if (!span.getParentSpanId().isEmpty()) {
                Span parent = byId.get(span.getParentSpanId());
                assertEquals(parent.getTraceId(), span.getTraceId(), span.getName());
            }
        }
    }

    @Test
    void theNodeSaysWhoItIs() {
        assertEquals("postrider", collector.resource().get("service.name"));
        assertEquals("mx.example.com", collector.resource().get("host.name"));
    }

    private static void imap(TestNode node, String... commands) {
        try (TestClient imap = TestClient.connect(node.port(Name.IMAP))) {
            imap.line();
            imap.imap("LOGIN alice@example.com " + TestNode.PASSWORD);
            for (String command : commands) {
                imap.imap(command);
            }
        }
    }

    private static void deliver(TestNode node, String... recipients) {
        try (TestClient lmtp = TestClient.connect(node.port(Name.LMTP))) {
            lmtp.line();
            lmtp.send("LHLO there").linesUntil(line -> line.startsWith("250 "));
            lmtp.send("MAIL FROM:<carol@example.net>").line();
            for (String recipient : recipients) {
                lmtp.send("RCPT TO:<" + recipient + "@example.com>").line();
            }
            lmtp.send("DATA").line();
            lmtp.send("Subject: traced\r\n\r\nOnce.\r\n.");
            for (String recipient : recipients) {
                assertTrue(lmtp.line().startsWith("250 "), recipient);
            }
        }
    }
}
