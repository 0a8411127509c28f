package io.postrider.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** One listener's counters, made once so that counting costs no look-up; shared by all its event loops. */
final class ListenerMetrics {
    private final Instruments instruments;

    /** Counted in full, since {@link ListenerOptions#maxConnections} is held against it. */
    final AtomicInteger connections = new AtomicInteger();

    final Counter accepted;
    final Counter refused;
    final Counter octetsReceived;
    final Counter octetsSent;
    final Counter handshakesDone;
    final Counter handshakesFailed;
    private final Map<SessionState, LongAdder> plain = new EnumMap<>(SessionState.class);
    private final Map<SessionState, LongAdder> secure = new EnumMap<>(SessionState.class);
    private final List<Meter> meters;

    ListenerMetrics(String listener, String protocol, Instruments instruments) {
        this.instruments = instruments;
        MeterRegistry registry = instruments.registry();
        Tags tags = Tags.of("listener", listener, "protocol", protocol);
        accepted = registry.counter("postrider.connections.accepted", tags);
        refused = registry.counter("postrider.connections.refused", tags);
        octetsReceived = registry.counter("postrider.octets", tags.and("direction", "in"));
        octetsSent = registry.counter("postrider.octets", tags.and("direction", "out"));
        handshakesDone = registry.counter("postrider.tls.handshakes", tags.and("outcome", "ok"));
        handshakesFailed = registry.counter("postrider.tls.handshakes", tags.and("outcome", "failed"));
        meters = new ArrayList<>(
                List.of(accepted, refused, octetsReceived, octetsSent, handshakesDone, handshakesFailed));
        for (SessionState state : SessionState.values()) {
            Tags inState = tags.and("state", state.name().toLowerCase(Locale.ROOT));
            plain.put(state, gauge(inState.and("tls", "false")));
            secure.put(state, gauge(inState.and("tls", "true")));
        }
    }

    Instruments instruments() {
        return instruments;
    }

    /** How many connections are so far, with TLS or without. */
    LongAdder in(SessionState state, boolean tls) {
        return (tls ? secure : plain).get(state);
    }

    void remove() {
        meters.forEach(instruments.registry()::remove);
    }

    private LongAdder gauge(Tags tags) {
        LongAdder count = new LongAdder();
        meters.add(Gauge.builder("postrider.connections", count, LongAdder::sum)
                .tags(tags)
                .register(instruments.registry()));
        return count;
    }
}
