package io.postrider.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** One listener's counters, made once so that counting costs no look-up; shared by all its event loops. */
final class ListenerMetrics {
    private final MeterRegistry registry;

    /** Counted in full, since {@link ListenerOptions#maxConnections} is held against it. */
    final AtomicInteger connections = new AtomicInteger();

    final LongAdder secureConnections = new LongAdder();
    final Counter accepted;
    final Counter refused;
    final Counter octetsReceived;
    final Counter octetsSent;
    final Counter handshakesDone;
    final Counter handshakesFailed;
    private final List<Meter> meters;

    ListenerMetrics(String listener, String protocol, MeterRegistry registry) {
        this.registry = registry;
        Tags tags = Tags.of("listener", listener, "protocol", protocol);
        accepted = registry.counter("postrider.connections.accepted", tags);
        refused = registry.counter("postrider.connections.refused", tags);
        octetsReceived = registry.counter("postrider.octets", tags.and("direction", "in"));
        octetsSent = registry.counter("postrider.octets", tags.and("direction", "out"));
        handshakesDone = registry.counter("postrider.tls.handshakes", tags.and("outcome", "ok"));
        handshakesFailed = registry.counter("postrider.tls.handshakes", tags.and("outcome", "failed"));
        Gauge plain = Gauge.builder("postrider.connections", this, ListenerMetrics::plainConnections)
                .tags(tags.and("tls", "false"))
                .register(registry);
        Gauge secure = Gauge.builder("postrider.connections", secureConnections, LongAdder::sum)
                .tags(tags.and("tls", "true"))
                .register(registry);
        meters =
                List.of(accepted, refused, octetsReceived, octetsSent, handshakesDone, handshakesFailed, plain, secure);
    }

    void remove() {
        meters.forEach(registry::remove);
    }

    private double plainConnections() {
        return connections.get() - secureConnections.sum();
    }
}
