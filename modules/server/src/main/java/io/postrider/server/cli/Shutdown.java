package io.postrider.server.cli;

import io.postrider.server.Failures;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be closed when the process ends, by SIGTERM, SIGINT or because it could not start: what was opened last is
 * closed first. A second signal hurries it.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    /** As a shell tells the end by a signal. */
    private static final int SIGNALLED = 128;

    private final Deque<Runnable> steps = new ArrayDeque<>();
    private final List<Runnable> hurries = new CopyOnWriteArrayList<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private boolean serving;

    Shutdown() {
        Signals.handle("TERM", this::signalled);
        Signals.handle("INT", this::signalled);
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "stop"));
    }

    synchronized void push(Runnable step) {
        steps.push(step);
    }

    /** What makes a step that runs end sooner; from any thread. */
    void onHurry(Runnable hurry) {
        hurries.add(hurry);
    }

    /** From now on a stop that was asked for is a success. */
    synchronized void serving() {
        serving = true;
    }

    private void signalled(int number) {
        if (running.compareAndSet(false, true)) {
            System.exit(SIGNALLED + number);
        } else {
            LOG.info("hurrying");
            hurries.forEach(Runnable::run);
        }
    }

    private synchronized void run() {
        if (serving) {
            LOG.info("stopping");
        }
        int status = PostriderCommand.OK;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException e) {
                LOG.error("stopping: {}", Failures.oneLine(e));
                status = PostriderCommand.FAILED;
            }
        }
        if (serving) {
            LOG.info("stopped");
            // A JVM that ends by a signal would report the signal.
            Runtime.getRuntime().halt(status);
        }
    }
}
