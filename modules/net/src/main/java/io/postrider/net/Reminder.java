package io.postrider.net;

import java.time.Duration;
import java.util.function.Consumer;

/** A connection's one step that is to be taken later, on its event loop's wheel. Touched on the connection's context only. */
public final class Reminder {
    private final TimerWheel wheel;
    private final TimerWheel.Timeout timeout;
    private Runnable step = () -> {};

    /** @param guard takes the step */
    Reminder(TimerWheel wheel, Consumer<Runnable> guard) {
        this.wheel = wheel;
        this.timeout = new TimerWheel.Timeout(() -> guard.accept(step));
    }

    /** Takes the step once, after so long, instead of any other; never when the connection has gone by then. */
    public void set(Duration time, Runnable later) {
        step = later;
        wheel.set(timeout, TimerWheel.ticks(time));
    }

    public void forget() {
        wheel.cancel(timeout);
    }
}
