package io.postrider.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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

    private record Key(String verb, String outcome) {}

    private final MeterRegistry meters;
    private final String protocol;
    private final Map<String, String> tags = new ConcurrentHashMap<>();
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    /** @param verbs as {@link #record} will name them */
    public CommandTimers(MeterRegistry meters, String protocol, Collection<String> verbs) {
        this.meters = meters;
        this.protocol = protocol;
        verbs.forEach(verb -> tags.put(verb, verb.toLowerCase(Locale.ROOT)));
    }

    /** @param outcome from a closed set of the protocol's own */
    public void record(String verb, String outcome, long nanoseconds) {
        timers.computeIfAbsent(new Key(tags.getOrDefault(verb, OTHER), outcome), this::register)
                .record(nanoseconds, TimeUnit.NANOSECONDS);
    }

    private Timer register(Key key) {
        return Timer.builder("postrider.commands")
                .tag("protocol", protocol)
                .tag("verb", key.verb())
                .tag("outcome", key.outcome())
                .register(meters);
    }
}
