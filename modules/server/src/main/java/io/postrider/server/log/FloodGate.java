package io.postrider.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Lets a message come so often a minute and no more, and says afterwards how many were left out: clients that send nonsense,
 * or a database that is away, must not fill the disk. Deliveries and logins are what a log is for: they pass, always.
 */
public final class FloodGate extends Filter<ILoggingEvent> {
    /** Lines of one message in a minute. */
    public static final int PER_MINUTE = 120;
    /** Messages are constants of the code, but other libraries may put values into theirs. */
    static final int MAX_MESSAGES = 1_000;

    private static final long MINUTE_MILLIS = 60_000;
    private static final Set<String> ALWAYS =
            Set.of("io.postrider.smtp.Delivery", "io.postrider.net.sasl.Authenticator");

    private final LongSupplier clock;
    private final Map<String, Count> counts = new ConcurrentHashMap<>();

    private static final class Count {
        private long since;
        private int lines;

        Count(long since) {
            this.since = since;
        }
    }

    /** Not by the time of day: while that is set back, nothing would be let through. */
    public FloodGate() {
        this(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    FloodGate(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        String logger = event.getLoggerName();
        if (event.getLevel().toInt() <= Level.INFO_INT && ALWAYS.contains(logger)) {
            return FilterReply.NEUTRAL;
        }
        if (logger.equals(FloodGate.class.getName())) {
            return FilterReply.NEUTRAL;
        }
        String message = logger + " " + event.getMessage();
        int leftOut = 0;
        boolean passes;
        long now = clock.getAsLong();
        Count count = counts.computeIfAbsent(counts.size() < MAX_MESSAGES ? message : "", key -> new Count(now));
        synchronized (count) {
            if (now - count.since >= MINUTE_MILLIS) {
                leftOut = Math.max(0, count.lines - PER_MINUTE);
                count.since = now;
                count.lines = 0;
            }
            passes = ++count.lines <= PER_MINUTE;
        }
        if (leftOut > 0) {
            LoggerFactory.getLogger(FloodGate.class).warn("{} lines were left out: {}", leftOut, event.getMessage());
        }
        return passes ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
