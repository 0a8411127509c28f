package io.postrider.server.cli;

import io.postrider.server.Failures;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be closed when the process ends, by SIGTERM, SIGINT or because it could not start: what was opened last is
 * closed first.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final Deque<Runnable> steps = new ArrayDeque<>();
    private boolean serving;

    Shutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "stop"));
    }

    synchronized void push(Runnable step) {
        steps.push(step);
    }

    /** From now on a stop that was asked for is a success. */
    synchronized void serving() {
        serving = true;
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
