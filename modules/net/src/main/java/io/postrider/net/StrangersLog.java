package io.postrider.net;

import org.slf4j.Logger;

/**
 * Log lines that anybody out there can cause as often as they like: a few a minute are written, and how many were not. Touched
 * on its own event loop only.
 */
final class StrangersLog {
    /** A minute, on each event loop. */
    static final int LINES = 10;

    private static final long SPAN_TICKS = 60_000 / TimerWheel.TICK_MILLIS;

    private final Logger log;
    private final TimerWheel wheel;
    private long spanEnd;
    private int written;
    private int leftOut;

    StrangersLog(Logger log, TimerWheel wheel) {
        this.log = log;
        this.wheel = wheel;
    }

    void warn(String format, Object... arguments) {
        if (wheel.now() >= spanEnd) {
            if (leftOut > 0) {
                log.warn("{} more lines about refused connections were left out", leftOut);
            }
            spanEnd = wheel.now() + SPAN_TICKS;
            written = 0;
            leftOut = 0;
        }
        if (written < LINES) {
            written++;
            log.warn(format, arguments);
        } else {
            leftOut++;
        }
    }
}
