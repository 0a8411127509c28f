package io.postrider.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.postrider.server.TestNode;
import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * What goes on while a node is attacked: somebody else reads mail and waits no longer than {@link TestClient} does, and all that
 * is logged is kept, of which there must be little and nothing that is a fault of ours.
 */
final class Meanwhile implements AutoCloseable {
    static final String NAME = "bystander";

    private static final int FEW_ANSWERS = 5;
    private static final long PAUSE_MILLIS = 5;

    private final int mostLines;
    private final TestClient imap;
    private final AtomicLong answers = new AtomicLong();
    private final Thread reader = new Thread(this::read, "bystander");
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLong lines = new AtomicLong();
    private final Logger all = (Logger) LoggerFactory.getLogger("io.postrider");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
                lines.incrementAndGet();
                warnings.add(event.getFormattedMessage());
            }
            if (event.getLevel() == Level.ERROR) {
                faults.add(event.getFormattedMessage() + " " + event.getThrowableProxy());
            }
        }
    };

    private volatile boolean over;
    private volatile Throwable failure;
    private volatile long longestNanos;

    /** @param mostLines that all of it may write into the log */
    Meanwhile(TestNode node, int mostLines) {
        this.mostLines = mostLines;
        appender.setContext(all.getLoggerContext());
        appender.start();
        all.addAppender(appender);
        imap = TestClient.connect(node.port(Name.IMAP));
        imap.line();
        imap.imap("LOGIN " + NAME + "@example.com " + TestNode.PASSWORD);
        imap.imap("APPEND INBOX {12+}\r\nSubject: a\r\n");
        imap.imap("SELECT INBOX");
        reader.start();
    }

    /** Waits for a few more answers, all given under what has been begun before. */
    void isStillAnswered() {
        long wanted = answers.get() + FEW_ANSWERS;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (answers.get() < wanted && failure == null) {
            assertTrue(System.nanoTime() < end, "the bystander gets no answers");
            pause(PAUSE_MILLIS);
        }
        assertNull(failure);
    }

    private void read() {
        try {
            while (!over) {
                long began = System.nanoTime();
                List<String> answer = imap.imap("FETCH 1 (FLAGS ENVELOPE)");
                assertTrue(answer.get(answer.size() - 1).startsWith("OK"), answer.toString());
                longestNanos = Math.max(longestNanos, System.nanoTime() - began);
                answers.incrementAndGet();
                pause(PAUSE_MILLIS);
            }
        } catch (RuntimeException | AssertionError e) {
            failure = e;
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it, and tells how it went. */
    @Override
    public void close() {
        isStillAnswered();
        over = true;
        try {
            reader.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        imap.close();
        all.detachAppender(appender);
        System.out.printf(
                "bystander: %d answers, the slowest after %d ms; %d log lines%n",
                answers.get(), TimeUnit.NANOSECONDS.toMillis(longestNanos), lines.get());
        assertNull(failure);
        assertEquals(List.of(), List.copyOf(faults), "nothing is a fault of ours");
        assertTrue(lines.get() <= mostLines, lines + " lines in the log: " + warnings);
    }
}
