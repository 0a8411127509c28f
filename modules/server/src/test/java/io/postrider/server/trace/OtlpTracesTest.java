package io.postrider.server.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.postrider.server.TestNode;
import io.postrider.server.config.Configuration;
import io.postrider.store.Traces;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OtlpTracesTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(TellingExporter.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private Collector collector;

    @BeforeEach
    void open() throws IOException {
        collector = new Collector();
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void close() {
        log.detachAppender(lines);
        collector.close();
    }

    @Test
    void aCollectorThatIsGoneIsToldOfOnceAndSoIsItsReturn() throws InterruptedException {
        collector.answer(503);
        Traces traces = traces(1);
        traces.command("imap").end("ok");
        awaitLines(1);
        traces.command("imap").end("ok");
        // The batch after that of the first line has gone, one way or the other, when the traces are closed.
        collector.answer(200);
        traces.command("imap").end("ok");
        TestNode.await(traces.close());
        awaitLines(2);
        assertEquals(
                List.of(Level.WARN, Level.INFO),
                lines.list.stream().map(ILoggingEvent::getLevel).toList());
        assertTrue(lines.list.get(1).getFormattedMessage().matches(".*; [12] were lost"), lines.list.toString());
    }

    @Test
    void closesWithoutItsCollector() {
        Traces traces = traces(1);
        collector.close();
        traces.command("imap").end("ok");
        TestNode.await(traces.close());
    }

    /** None of the others costs anything. */
    @Test
    void ofSoManyCommandsOneIsTraced() {
        Traces traces = traces(1_000_000);
        assertNull(traces.command("imap"));
        assertNull(traces.command("imap"));
        TestNode.await(traces.close());
        assertEquals(List.of(), collector.spans());
    }

    private Traces traces(int oneIn) {
        return OtlpTraces.open(
                new Configuration.Traces(Optional.of(URI.create(collector.endpoint())), oneIn), "mx.example.com");
    }

    private void awaitLines(int many) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (lines.list.size() < many && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertEquals(many, lines.list.size(), lines.list.toString());
    }
}
