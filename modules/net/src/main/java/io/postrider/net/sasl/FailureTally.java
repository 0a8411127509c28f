package io.postrider.net.sasl;

import io.postrider.store.Credentials;
import io.postrider.store.Credentials.Axis;
import io.postrider.store.Credentials.FailedLogins;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node knows of failed logins and the database does not yet: attempts that run, and failures on their way. Failures
 * gather for a moment and are written together, so that a flood of them is a statement now and then.
 */
final class FailureTally {
    static final Duration WRITE_AFTER = Duration.ofMillis(50);

    /** Subjects that wait to be written. What fails beyond is not counted for the other nodes. */
    static final int MOST_UNWRITTEN = 10_000;

    private static final Logger log = LoggerFactory.getLogger(FailureTally.class);

    /** Name or network are "" where the axis disregards them. */
    record Subject(Axis axis, String name, String network) {}

    private final Vertx vertx;
    private final Credentials credentials;
    private final ToDoubleFunction<Axis> forgottenPerSecond;
    private final Map<Subject, Integer> here = new HashMap<>();
    private final Map<Subject, Integer> unwritten = new HashMap<>();
    private boolean writing;

    FailureTally(Vertx vertx, Credentials credentials, ToDoubleFunction<Axis> forgottenPerSecond) {
        this.vertx = vertx;
        this.credentials = credentials;
        this.forgottenPerSecond = forgottenPerSecond;
    }

    /** Attempts that run here and failures that are not written yet. */
    synchronized int here(Subject subject) {
        return here.getOrDefault(subject, 0);
    }

    synchronized void begin(List<Subject> subjects) {
        subjects.forEach(subject -> here.merge(subject, 1, Integer::sum));
    }

    /** They stay counted here until they are counted in the database. */
    synchronized void failed(List<Subject> subjects) {
        for (Subject subject : subjects) {
            if (unwritten.size() < MOST_UNWRITTEN || unwritten.containsKey(subject)) {
                unwritten.merge(subject, 1, Integer::sum);
            } else {
                subtract(subject, 1);
            }
        }
        if (!writing && !unwritten.isEmpty()) {
            writing = true;
            vertx.setTimer(WRITE_AFTER.toMillis(), timer -> write());
        }
    }

    synchronized void end(List<Subject> subjects) {
        subjects.forEach(subject -> subtract(subject, 1));
    }

    private void subtract(Subject subject, int count) {
        here.computeIfPresent(subject, (each, there) -> there > count ? there - count : null);
    }

    private void write() {
        Map<Subject, Integer> batch;
        synchronized (this) {
            batch = new HashMap<>(unwritten);
            unwritten.clear();
        }
        List<FailedLogins> failures = new ArrayList<>(batch.size());
        batch.forEach((subject, count) -> failures.add(new FailedLogins(
                subject.axis, subject.name, subject.network, count, forgottenPerSecond.applyAsDouble(subject.axis))));
        credentials.countFailures(failures).onComplete(done -> {
            if (done.failed()) {
                log.warn("failed logins could not be counted: {}", done.cause().getMessage());
            }
            written(batch);
        });
    }

    private synchronized void written(Map<Subject, Integer> batch) {
        batch.forEach(this::subtract);
        writing = !unwritten.isEmpty();
        if (writing) {
            vertx.setTimer(WRITE_AFTER.toMillis(), timer -> write());
        }
    }
}
