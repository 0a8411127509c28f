package io.postrider.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code postrider.commands}: how long commands took and how they ended. Verbs come from a closed set, since a client's words
 * as tags would grow the registry without end; any other is "other".
 */
public final class CommandTimers {
    private static final String OTHER = "other";
    /** Few: each is a series for every verb and outcome. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry meters;
    private final String protocol;
    /** By verb, then by outcome: looking up makes no garbage. */
    private final Map<String, Map<String, Timer>> timers = new ConcurrentHashMap<>();

    /** @param verbs as {@link #record} will name them */
    public CommandTimers(MeterRegistry meters, String protocol, Collection<String> verbs) {
        this.meters = meters;
        this.protocol = protocol;
        verbs.forEach(verb -> timers.put(verb, new ConcurrentHashMap<>()));
        timers.put(OTHER, new ConcurrentHashMap<>());
    }

    /** @param outcome from a closed set of the protocol's own */
    public void record(Connection connection, String verb, String outcome, long nanoseconds) {
        Map<String, Timer> known = timers.get(verb);
        Map<String, Timer> byOutcome = known == null ? timers.get(OTHER) : known;
        Timer timer = byOutcome.get(outcome);
        if (timer == null) {
            timer = register(known == null ? OTHER : verb.toLowerCase(Locale.ROOT), outcome);
            byOutcome.put(outcome, timer);
        }
        timer.record(nanoseconds, TimeUnit.NANOSECONDS);
        connection.tally().commandEnded();
    }

    private Timer register(String verb, String outcome) {
        return Timer.builder("postrider.commands")
                .tag("protocol", protocol)
                .tag("verb", verb)
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }
}
