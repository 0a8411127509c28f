package io.postrider.net;

import java.time.Duration;

/**
 * The one deadline of a connection: of the step it is in, or of its silence. Activity costs one store; only when the time
 * is up is it looked at when the last was.
 */
final class ConnectionClock {
    private final TimerWheel wheel;
    private final TimerWheel.Timeout timer;
    private long idleTicks;
    private long lastActivity;

    ConnectionClock(TimerWheel wheel, Runnable timeIsUp) {
        this.wheel = wheel;
        this.timer = new TimerWheel.Timeout(timeIsUp);
    }

    /** The deadline of the step that begins. */
    void set(Duration time) {
        wheel.set(timer, TimerWheel.ticks(time));
    }

    void cancel() {
        wheel.cancel(timer);
    }

    /** How long it may be silent, as soon as that counts. */
    void idleTimeout(Duration time) {
        idleTicks = TimerWheel.ticks(time);
    }

    /** From now on its silence counts. */
    void awaitActivity() {
        active();
        if (idleTicks > 0) {
            wheel.set(timer, idleTicks);
        }
    }

    /** Octets came or were taken. */
    void active() {
        lastActivity = wheel.now();
    }

    /** When time was up: whether it has been silent for all of it; if not, there is a new deadline. */
    boolean silentForTooLong() {
        long due = lastActivity + idleTicks;
        if (due < wheel.now()) {
            return true;
        }
        wheel.setAt(timer, due + 1);
        return false;
    }
}
