package io.postrider.store.postgres;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How long each statement and transaction takes, by name and outcome: {@code postrider.statements}; and how many rows the
 * statements gave: {@code postrider.statement.rows}.
 */
final class StatementTimers {
    private static final String METER = "postrider.statements";
    /** Few: each is a series for every statement and outcome. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final Map<String, Timers> timers = new ConcurrentHashMap<>();

    StatementTimers(MeterRegistry registry) {
        this.registry = registry;
    }

    <T> Future<T> time(Statement statement, Future<T> running) {
        return time(statement.name(), running);
    }

    <T> Future<T> time(String name, Future<T> running) {
        long started = System.nanoTime();
        return running.onComplete((value, failure) -> {
            record(name, started, failure);
            if (value instanceof RowSet<?> rows && rows.size() > 0) {
                timersOf(name).rows.increment(rows.size());
            }
        });
    }

    void record(String name, long started, Throwable failure) {
        timersOf(name).of(failure).record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }

    private Timers timersOf(String name) {
        Timers known = timers.get(name);
        return known == null ? timers.computeIfAbsent(name, Timers::new) : known;
    }

    private Timer timer(String name, String outcome) {
        return Timer.builder(METER)
                .tag("name", name)
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private final class Timers {
        private final String name;
        final Counter rows;
        private final Timer ok;

        Timers(String name) {
            this.name = name;
            this.rows = registry.counter("postrider.statement.rows", "name", name);
            this.ok = timer(name, "ok");
        }

        Timer of(Throwable failure) {
            if (failure == null) {
                return ok;
            }
            // Seldom, so these are looked up, and are no series before they happen.
            if (failure instanceof Refusal) {
                return timer(name, "refused");
            }
            return timer(name, Failures.isConflict(failure) ? "conflict" : "failed");
        }
    }
}
