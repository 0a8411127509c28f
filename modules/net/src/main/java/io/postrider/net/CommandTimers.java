package io.postrider.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postrider.store.TimeSpent;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code postrider.commands}: how long commands took and how they ended. Verbs come from a closed set, since a client's words
 * as tags would grow the registry without end; any other is "other".
 */
public final class CommandTimers {
    private static final Logger log = LoggerFactory.getLogger(CommandTimers.class);
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

    /** A command begins, and with it its span if it is traced; gives the time now, by {@link System#nanoTime}. */
    public long begin(Connection connection) {
        connection.timeSpent().span(connection.tally().traces().command(protocol));
        return System.nanoTime();
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
        TimeSpent spent = connection.timeSpent();
        // A client that takes its time to send is not slow of ours: IDLE lasts for hours.
        long ours = nanoseconds - spent.nanoseconds(TimeSpent.On.CLIENT_SENDS);
        // Of statements side by side the sum is longer than the command was.
        long store = Math.min(nanoseconds, spent.nanoseconds(TimeSpent.On.STORE));
        if (Math.max(ours, store) > connection.tally().slowCommand().toNanos()) {
            tellOfSlow(connection, known == null ? OTHER : verb, outcome, nanoseconds);
        }
        if (spent.span() != null) {
            endSpan(connection, known == null ? OTHER : verb, outcome);
        }
        spent.clear();
    }

    /** In milliseconds; sql is what the store took beside the wait for a connection. */
    private void tellOfSlow(Connection connection, String verb, String outcome, long nanoseconds) {
        TimeSpent spent = connection.timeSpent();
        long pool = spent.nanoseconds(TimeSpent.On.POOL);
        connection
                .tell(log.atWarn())
                .addKeyValue("command", verb)
                .addKeyValue("outcome", outcome)
                .addKeyValue("ms", millis(nanoseconds))
                .addKeyValue("parse_ms", millis(spent.nanoseconds(TimeSpent.On.PARSING)))
                .addKeyValue("pool_ms", millis(pool))
                .addKeyValue("sql_ms", millis(Math.max(0, spent.nanoseconds(TimeSpent.On.STORE) - pool)))
                .addKeyValue("client_reads_ms", millis(spent.nanoseconds(TimeSpent.On.CLIENT_READS)))
                .addKeyValue("client_sends_ms", millis(spent.nanoseconds(TimeSpent.On.CLIENT_SENDS)))
                .log("{}: slow command", protocol);
    }

    private void endSpan(Connection connection, String verb, String outcome) {
        TimeSpent spent = connection.timeSpent();
        String tenant = connection.tally().tenantName();
        spent.span()
                .named(protocol + " " + verb)
                .tell("postrider.verb", verb)
                .tell("postrider.connection", connection.id())
                .tell("postrider.pool_ms", millis(spent.nanoseconds(TimeSpent.On.POOL)))
                .tell("postrider.client_reads_ms", millis(spent.nanoseconds(TimeSpent.On.CLIENT_READS)))
                .tell("postrider.client_sends_ms", millis(spent.nanoseconds(TimeSpent.On.CLIENT_SENDS)));
        if (tenant != null) {
            spent.span().tell("postrider.tenant", tenant);
        }
        spent.span().end(outcome);
    }

    private static long millis(long nanoseconds) {
        return TimeUnit.NANOSECONDS.toMillis(nanoseconds);
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
