package io.postrider.server.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the collector takes no spans, and once that it takes them again; OpenTelemetry itself would go on and on. */
final class TellingExporter implements SpanExporter {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(TellingExporter.class);
    /** Held, or what is set on it would be forgotten. */
    private static final Logger THEIRS = Logger.getLogger("io.opentelemetry");

    private final SpanExporter exporter;
    private final AtomicLong lost = new AtomicLong();

    TellingExporter(SpanExporter exporter) {
        this.exporter = exporter;
        THEIRS.setLevel(Level.OFF);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> {
            if (result.isSuccess()) {
                long before = lost.getAndSet(0);
                if (before > 0) {
                    LOG.info("traces: the collector takes spans again; {} were lost", before);
                }
            } else if (lost.getAndAdd(spans.size()) == 0) {
                LOG.warn("traces: the collector takes no spans: {}", why(result));
            }
        });
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }

    private static String why(CompletableResultCode result) {
        Throwable cause = result.getFailureThrowable();
        return cause == null ? "no reason is known" : cause.toString();
    }
}
