package io.postrider.store;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where the time of the command that runs on a connection's context goes, and its {@link Span} where it is traced. Who waits for
 * something adds to it; who logs slow commands reads it. What is done side by side is counted twice, so the parts may be more than the whole.
 *
 * <p>Touched only on its context. Easy to get wrong: work for another connection must be done {@link #aside}.
 */
public final class TimeSpent {
    /** What time is spent on. */
    public enum On {
        PARSING,
        /** Waiting for a connection to the database. */
        POOL,
        /** All that the store was asked, the wait for its connection included. */
        STORE,
        /** The client takes what was written to it. */
        CLIENT_READS,
        /** The client sends what belongs to the command. */
        CLIENT_SENDS
    }

    private static final ContextLocal<TimeSpent> PLACE = ContextLocal.registerLocal(TimeSpent.class);
    private static final int KINDS = On.values().length;

    private final long[] nanoseconds = new long[KINDS];
    /** Null when the command is not traced. */
    private Span span;

    /** Makes one for a context that serves one connection. */
    public static TimeSpent on(Context context) {
        TimeSpent spent = new TimeSpent();
        PLACE.put(context, spent);
        return spent;
    }

    /** Of the context that is running; null when nobody wants to know. */
    public static TimeSpent current() {
        Context context = Vertx.currentContext();
        return context == null ? null : PLACE.get(context);
    }

    /** Does what is not for the command that runs here. */
    public static void aside(Runnable work) {
        Context context = Vertx.currentContext();
        TimeSpent own = current();
        if (own == null) {
            work.run();
            return;
        }
        PLACE.remove(context);
        try {
            work.run();
        } finally {
            PLACE.put(context, own);
        }
    }

    /** @param since {@link System#nanoTime} when it began */
    public void add(On what, long since) {
        nanoseconds[what.ordinal()] += System.nanoTime() - since;
    }

    public long nanoseconds(On what) {
        return nanoseconds[what.ordinal()];
    }

    /** Of the command, or of what is done for it right now; null when it is not traced. */
    public Span span() {
        return span;
    }

    public void span(Span begun) {
        span = begun;
    }

    /** A step that comes after an answer and still belongs to the span in which it was thought of. */
    public static <A, T> Function<A, T> stillWithin(Function<A, T> step) {
        TimeSpent spent = current();
        if (spent == null || spent.span == null) {
            return step;
        }
        Span here = spent.span;
        return answer -> spent.within(here, () -> step.apply(answer));
    }

    /**
     * Begins work whose statements belong to a part of the command. Those that it comes to only later, after an answer, belong
     * to the command itself, but for steps that are {@link #stillWithin}.
     */
    public <T> T within(Span part, Supplier<T> work) {
        Span whole = span;
        span = part;
        try {
            return work.get();
        } finally {
            span = whole;
        }
    }

    /** For the next command. */
    public void clear() {
        Arrays.fill(nanoseconds, 0);
        span = null;
    }

    static void reserve() {
        // Loading this class does it.
    }
}
