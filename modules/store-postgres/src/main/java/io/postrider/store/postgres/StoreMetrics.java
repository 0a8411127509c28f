package io.postrider.store.postgres;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postrider.store.Refusal;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** The store's meters but for its statements, made once so that counting costs no look-up. */
final class StoreMetrics {
    private static final Duration[] WAITS = {
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };
    private static final Duration[] LAGS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;

    final LongAdder connectionsInUse = new LongAdder();
    final LongAdder waitingForConnection = new LongAdder();
    final Timer waitForConnection;

    final Counter chunksRead;
    final Counter chunksWritten;
    final DistributionSummary appendBatch;

    final Counter hintsSent;
    final Counter hintsReceived;
    final Counter hintsDropped;
    final Counter notifications;
    final Timer lag;
    final Counter feedSweeps;
    final Counter feedSweepsFailed;
    final Counter missedHints;
    final Counter reconnects;
    final AtomicInteger listening = new AtomicInteger();

    final Counter sweeps;
    final Counter sweepsFailed;

    StoreMetrics(MeterRegistry registry) {
        this.registry = registry;
        gauge("postrider.database.pool.in.use", connectionsInUse, LongAdder::sum);
        gauge("postrider.database.pool.waiting", waitingForConnection, LongAdder::sum);
        waitForConnection = timer("postrider.database.pool.wait", WAITS);
        chunksRead = registry.counter("postrider.chunks", "direction", "read");
        chunksWritten = registry.counter("postrider.chunks", "direction", "written");
        appendBatch = DistributionSummary.builder("postrider.append.batch")
                .baseUnit("messages")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
                .register(registry);
        hintsSent = registry.counter("postrider.feed.hints", "direction", "sent");
        hintsReceived = registry.counter("postrider.feed.hints", "direction", "received");
        hintsDropped = registry.counter("postrider.feed.hints.dropped");
        notifications = registry.counter("postrider.feed.notifications");
        lag = timer("postrider.feed.lag", LAGS);
        feedSweeps = registry.counter("postrider.feed.sweeps", "outcome", "ok");
        feedSweepsFailed = registry.counter("postrider.feed.sweeps", "outcome", "failed");
        missedHints = registry.counter("postrider.feed.sweep.found");
        reconnects = registry.counter("postrider.feed.reconnects");
        gauge("postrider.feed.listening", listening, AtomicInteger::get);
        sweeps = registry.counter("postrider.sweeper.runs", "outcome", "ok");
        sweepsFailed = registry.counter("postrider.sweeper.runs", "outcome", "failed");
        swept(SweeperQueries.CONTENTS, 0);
        swept(SweeperQueries.INCOMING, 0);
        swept(SweeperQueries.EXPUNGED, 0);
    }

    <T> void gauge(String name, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).register(registry);
    }

    /** A login that was right and yet was not let in. */
    void sessionRefused(Refusal.Kind why) {
        registry.counter("postrider.sessions.refused", "reason", why.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** Rows that the sweeper looked at because they were due. */
    void swept(Statement statement, long rows) {
        registry.counter("postrider.sweeper.rows", "statement", statement.name())
                .increment(rows);
    }

    private Timer timer(String name, Duration... buckets) {
        return Timer.builder(name).serviceLevelObjectives(buckets).register(registry);
    }
}
