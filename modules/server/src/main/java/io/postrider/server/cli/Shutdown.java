package io.postrider.server.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be closed when the process ends, by SIGTERM, SIGINT or because it could not start: what was opened last is
 * closed first. A second signal hurries it, a third ends the process at once.
 *
 * <p>Easy to get wrong: the jars may have been built anew underneath, so that a class which is needed for the first time now cannot
 * be had. A step may then fail with any Error or never come to its end; the process ends all the same. So nothing here may need a class
 * of ours for the first time.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    /** As a shell tells the end by a signal. */
    private static final int SIGNALLED = 128;

    private record Step(Duration longest, Runnable run) {}

    private final Deque<Step> steps = new ArrayDeque<>();
    private final List<Runnable> hurries = new CopyOnWriteArrayList<>();
    private final AtomicInteger signals = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Duration longest;
    private boolean serving;

    Shutdown() {
        this(Duration.ofSeconds(5));
    }

    /** @param margin what all steps together may take beyond their own times */
    Shutdown(Duration margin) {
        longest = margin;
        Signals.handle("TERM", this::signalled);
        Signals.handle("INT", this::signalled);
        Thread watchdog = new Thread(this::haltIfItTakesTooLong, "stop watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "stop"));
    }

    /** @param takes at most */
    synchronized void push(Duration takes, Runnable step) {
        longest = longest.plus(takes);
        steps.push(new Step(takes, step));
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
        switch (signals.incrementAndGet()) {
            case 1 -> System.exit(SIGNALLED + number);
            case 2 -> {
                say(LOG::info, "hurrying");
                hurries.forEach(Runnable::run);
            }
            default -> Runtime.getRuntime().halt(SIGNALLED + number);
        }
    }

    private synchronized void run() {
        begun.countDown();
        if (serving) {
            say(LOG::info, "stopping");
        }
        int status = PostriderCommand.OK;
        for (Step step : steps) {
            status = Math.max(status, run(step));
        }
        if (serving) {
            say(LOG::info, "stopped");
            // A JVM that ends by a signal would report the signal.
            Runtime.getRuntime().halt(status);
        }
        ended.countDown();
    }

    private static int run(Step step) {
        try {
            step.run().run();
            return PostriderCommand.OK;
        } catch (Throwable e) {
            say(LOG::error, "a step of the stop failed: " + e);
            return PostriderCommand.FAILED;
        }
    }

    private void haltIfItTakesTooLong() {
        try {
            begun.await();
            if (!ended.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                say(
                        LOG::error,
                        "the stop has not come to its end within " + longest.toSeconds() + " s: ending without");
                Runtime.getRuntime().halt(PostriderCommand.FAILED);
            }
        } catch (InterruptedException e) {
            // Nobody does that.
            Thread.currentThread().interrupt();
        }
    }

    /** Logging may be what cannot be had. */
    private static void say(Consumer<String> log, String line) {
        try {
            log.accept(line);
        } catch (Throwable e) {
            System.err.println("postrider: " + line);
        }
    }
}
