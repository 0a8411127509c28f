package io.postrider.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One tenant reads, appends and searches on sixteen connections without pause; four users of another look now and then. Timed is what
 * those see, alone at first.
 */
record NoisyNeighbour(Settings settings) implements Scenario {
    private static final int LOUD = 16;
    private static final int MESSAGES = 50;
    private static final int THINK_MILLIS = 10;
    private static final double MICROS_TO_MILLIS = 1e-3;
    private static final List<String> LOOKS =
            List.of("NOOP", "FETCH %d (UID FLAGS ENVELOPE)", "FETCH %d (BODY.PEEK[])", "STORE %d +FLAGS (\\Seen)");

    @Override
    public void prepare(Server server) throws Exception {
        for (int i = 0; i < NEIGHBOURS; i++) {
            fill(server.target(), settings.neighbour(i));
        }
        for (int i = 0; i < LOUD; i++) {
            fill(server.target(), settings.account(i));
        }
    }

    private void fill(Target target, String account) throws IOException {
        Mailboxes.fill(target, account, settings.password(), MESSAGES, Messages.mixed());
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        Result alone = quiet(target, bounds);
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong operations = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < LOUD; i++) {
            Session session = new Loud(target, settings.account(i), settings.password());
            Thread thread = new Thread(() -> shout(session, over, operations));
            thread.start();
            threads.add(thread);
        }
        Result disturbed;
        try {
            disturbed = quiet(target, bounds);
        } finally {
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return disturbed
                .withoutCpu()
                .with("p99 alone, ms", alone.p99Micros() * MICROS_TO_MILLIS)
                .with("the loud one's operations a second", operations.get() / disturbed.seconds());
    }

    private Result quiet(Target target, Load.Bounds bounds) throws Exception {
        return Load.run(
                target,
                NEIGHBOURS,
                bounds,
                index -> new Session(target, settings.neighbour(index), settings.password()) {
                    @Override
                    public void operate(long n) throws IOException {
                        imap.command(String.format(LOOKS.get((int) (n % LOOKS.size())), 1 + n % MESSAGES));
                    }

                    @Override
                    public void pause() throws InterruptedException {
                        TimeUnit.MILLISECONDS.sleep(THINK_MILLIS);
                    }
                });
    }

    private static void shout(Session session, AtomicBoolean over, AtomicLong operations) {
        try (session) {
            while (!over.get()) {
                session.operate(operations.getAndIncrement());
            }
        } catch (Exception e) {
            System.err.println("the loud neighbour: " + e.getMessage());
        }
    }

    private static final class Loud extends Session {
        private final Messages messages = Messages.mixed();

        Loud(Target target, String account, String password) throws IOException {
            super(target, account, password);
        }

        @Override
        public void operate(long n) throws IOException {
            if (n % 3 == 0) {
                imap.command("FETCH 1:" + MESSAGES + " (BODY.PEEK[])");
            } else if (n % 3 == 1) {
                imap.append("INBOX", messages.get(n));
            } else {
                imap.command("UID SEARCH BODY \"saddlebag\"");
            }
        }
    }
}
