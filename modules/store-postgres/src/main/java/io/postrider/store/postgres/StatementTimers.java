package io.postrider.store.postgres;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** How long each statement and transaction takes, by name and outcome: {@code postrider.statements}. */
final class StatementTimers {
    private static final String METER = "postrider.statements";

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
        return running.onComplete((value, failure) -> record(name, started, failure));
    }

    void record(String name, long started, Throwable failure) {
        timers.computeIfAbsent(name, this::timersOf)
                .of(failure)
                .record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }

    private Timers timersOf(String name) {
        return new Timers(timer(name, "ok"), timer(name, "refused"), timer(name, "conflict"), timer(name, "failed"));
    }

    private Timer timer(String name, String outcome) {
        return Timer.builder(METER).tag("name", name).tag("outcome", outcome).register(registry);
    }

    private record Timers(Timer ok, Timer refused, Timer conflict, Timer failed) {
        Timer of(Throwable failure) {
            if (failure == null) {
                return ok;
            }
            if (failure instanceof Refusal) {
                return refused;
            }
            return Failures.isConflict(failure) ? conflict : failed;
        }
    }
}
