package io.postrider.net;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The deadlines of all connections of one event loop on one coarse tick: a timer each would cost memory and CPU that tens of
 * thousands of idle connections have no use for. A deadline is met up to two ticks late, never early. Touched on its own
 * event loop only.
 */
final class TimerWheel {
    static final int TICK_MILLIS = 100;
    private static final int SLOTS = 512;

    /** One deadline that can be set again and again; it is its own link in the slot's list. */
    static final class Timeout {
        private final Runnable expired;
        private long deadline;
        private Timeout previous;
        private Timeout next;

        Timeout(Runnable expired) {
            this.expired = expired;
        }

        private boolean isSet() {
            return next != null;
        }

        private void unlink() {
            previous.next = next;
            next.previous = previous;
            previous = null;
            next = null;
        }
    }

    private final Timeout[] slots = new Timeout[SLOTS];
    private final LongSupplier nanos;
    private final long startNanos;
    private long now;

    TimerWheel() {
        this(System::nanoTime);
    }

    TimerWheel(LongSupplier nanos) {
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = emptyList();
        }
    }

    static long ticks(Duration time) {
        return Math.max(1, (time.toMillis() + TICK_MILLIS - 1) / TICK_MILLIS);
    }

    /** Ticks since the wheel began to turn. */
    long now() {
        return now;
    }

    /** Sets the deadline anew; the tick that is underway does not count. */
    void set(Timeout timeout, long ticksFromNow) {
        setAt(timeout, now + ticksFromNow + 1);
    }

    void setAt(Timeout timeout, long deadline) {
        cancel(timeout);
        timeout.deadline = Math.max(deadline, now + 1);
        Timeout head = slots[(int) (timeout.deadline % SLOTS)];
        timeout.previous = head.previous;
        timeout.next = head;
        head.previous.next = timeout;
        head.previous = timeout;
    }

    void cancel(Timeout timeout) {
        if (timeout.isSet()) {
            timeout.unlink();
        }
    }

    /** Meets the deadlines that have passed; called about every {@link #TICK_MILLIS}. */
    void turn() {
        long until = (nanos.getAsLong() - startNanos) / 1_000_000 / TICK_MILLIS;
        // After a long stop of the process each slot needs one look, no more.
        long first = Math.max(now + 1, until - SLOTS + 1);
        now = until;
        for (long tick = first; tick <= until; tick++) {
            meet(slots[(int) (tick % SLOTS)]);
        }
    }

    private void meet(Timeout head) {
        if (head.next == head) {
            return;
        }
        // Taken out of the slot first: what expires may set and cancel deadlines, its own and others'.
        Timeout due = emptyList();
        due.next = head.next;
        due.previous = head.previous;
        due.next.previous = due;
        due.previous.next = due;
        head.next = head;
        head.previous = head;
        while (due.next != due) {
            Timeout each = due.next;
            if (each.deadline <= now) {
                each.unlink();
                each.expired.run();
            } else {
                setAt(each, each.deadline);
            }
        }
    }

    private static Timeout emptyList() {
        Timeout head = new Timeout(null);
        head.previous = head;
        head.next = head;
        return head;
    }
}
