package io.postrider.store.postgres;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postrider.store.Refusal;
import io.postrider.store.Span;
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
    private static final String OK = "ok";
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

    /** @param span of the statement, begun; null when it is not traced */
    <T> Future<T> time(String name, Span span, Future<T> running) {
        long started = System.nanoTime();
        return running.onComplete((value, failure) -> {
            record(name, started, failure);
            int rows = value instanceof RowSet<?> set ? set.size() : 0;
            if (rows > 0) {
                timersOf(name).rows.increment(rows);
            }
            if (span != null) {
                span.tell("db.response.returned_rows", rows).end(outcome(failure));
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

    static String outcome(Throwable failure) {
        if (failure == null) {
            return OK;
        }
        if (failure instanceof Refusal) {
            return "refused";
        }
        return Failures.isConflict(failure) ? "conflict" : "failed";
    }

    private final class Timers {
        private final String name;
        final Counter rows;
        private final Timer ok;

        Timers(String name) {
            this.name = name;
            this.rows = registry.counter("postrider.statement.rows", "name", name);
            this.ok = timer(name, OK);
        }

        Timer of(Throwable failure) {
            if (failure == null) {
                return ok;
            }
            // Seldom, so these are looked up, and are no series before they happen.
            return timer(name, outcome(failure));
        }
    }
}
