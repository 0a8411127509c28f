package io.postrider.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.sun.management.ThreadMXBean;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpanTest {
    private static final int COMMANDS = 200_000;

    /** A single object each would be three million octets. */
    @Test
    void whereNothingIsTracedNothingIsMade() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Vertx vertx = Vertx.vertx();
        try {
            Context context = vertx.getOrCreateContext();
            TimeSpent spent = TimeSpent.on(context);
            long made = vertx.<Long>executeBlocking(() -> 0L)
                    .map(start -> {
                        untraced(spent);
                        long before = threads.getThreadAllocatedBytes(
                                Thread.currentThread().getId());
                        untraced(spent);
                        return threads.getThreadAllocatedBytes(
                                        Thread.currentThread().getId())
                                - before;
                    })
                    .await(30, TimeUnit.SECONDS);
            assertEquals(0, made / COMMANDS, made + " octets");
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }

    private static void untraced(TimeSpent spent) {
        for (int i = 0; i < COMMANDS; i++) {
            spent.span(Traces.NONE.command("imap"));
            assertNull(Span.statement(spent.span(), "statement"));
            assertNull(Span.current());
            spent.clear();
        }
    }

    @Test
    void workWithinAPartIsThePartsUntilItReturns() {
        TimeSpent spent = new TimeSpent();
        Span whole = new Named();
        Span part = new Named();
        spent.span(whole);
        assertSame(part, spent.within(part, spent::span));
        assertSame(whole, spent.span());
        spent.clear();
        assertNull(spent.span());
    }

    private static final class Named implements Span {
        @Override
        public Span part(String name) {
            return this;
        }

        @Override
        public Span statement(String name) {
            return this;
        }

        @Override
        public Span named(String name) {
            return this;
        }

        @Override
        public Span tell(String key, String value) {
            return this;
        }

        @Override
        public Span tell(String key, long value) {
            return this;
        }

        @Override
        public void end(String outcome) {}
    }
}
