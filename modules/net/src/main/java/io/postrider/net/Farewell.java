package io.postrider.net;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks an event loop's connections to end, one after another, each at a moment of its own: all at once would come back at
 * once, to log in and select anew on the nodes that are left.
 */
final class Farewell {
    /** Between two connections, at most: a few need not wait for the whole span. */
    static final Duration LONGEST_GAP = Duration.ofMillis(100);

    private static final long TICK_MILLIS = 20;

    private record Turn(Connection connection, long nanoTime) {}

    private final Vertx vertx;
    private final Queue<Turn> turns = new ArrayDeque<>();
    private final long timer;

    /** Begins at once. */
    Farewell(Vertx vertx, Collection<Connection> connections, ListenerOptions options) {
        this.vertx = vertx;
        List<Connection> shuffled = new ArrayList<>(connections);
        Collections.shuffle(shuffled);
        double gap = (double) span(shuffled.size(), options).toNanos() / Math.max(1, shuffled.size());
        long start = System.nanoTime();
        for (int i = 0; i < shuffled.size(); i++) {
            double jittered = i + ThreadLocalRandom.current().nextDouble();
            turns.add(new Turn(shuffled.get(i), start + (long) (jittered * gap)));
        }
        timer = vertx.setPeriodic(TICK_MILLIS, tick -> askThoseDue());
        askThoseDue();
    }

    void askAll() {
        while (!turns.isEmpty()) {
            turns.remove().connection().shutDown();
        }
        vertx.cancelTimer(timer);
    }

    /** Half the grace time is for the last that are asked. */
    private static Duration span(int connections, ListenerOptions options) {
        long millis = Math.min(
                Math.min(options.spreadTime().toMillis(), options.graceTime().toMillis() / 2),
                connections * LONGEST_GAP.toMillis());
        return Duration.ofMillis(millis);
    }

    private void askThoseDue() {
        long now = System.nanoTime();
        while (!turns.isEmpty() && turns.peek().nanoTime() - now <= 0) {
            turns.remove().connection().shutDown();
        }
        if (turns.isEmpty()) {
            vertx.cancelTimer(timer);
        }
    }
}
