package io.postrider.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The same command over and over on the filled INBOX that nobody writes to.
 *
 * @param commands in turn; %d is the number of a message
 * @param wholeMailbox whether a command is about all messages, which are what is counted then
 */
record Reading(Settings settings, int connections, boolean wholeMailbox, List<String> commands) implements Scenario {
    static final String HEADERS =
            "UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.PEEK[HEADER.FIELDS (REFERENCES)])";
    static final String STRUCTURE = "UID FETCH 1:* (UID BODYSTRUCTURE)";

    private static final double MEGA = 1e6;

    static Reading command(Settings settings, int connections, String... commands) {
        return new Reading(settings, connections, false, List.of(commands));
    }

    static Reading all(Settings settings, String command) {
        return new Reading(settings, 1, true, List.of(command));
    }

    @Override
    public void prepare(Server server) throws Exception {
        Mailboxes.fill(server.target(), settings.reader(), settings.password(), settings.mailbox(), Messages.mixed());
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        AtomicLong octets = new AtomicLong();
        Result result = Load.run(
                target, connections, bounds, index -> new Session(target, settings.reader(), settings.password()) {
                    private final Random random = new Random(index);

                    @Override
                    public void operate(long n) throws IOException {
                        String command = commands.get((int) (n % commands.size()));
                        imap.command(String.format(command, 1 + random.nextInt(settings.mailbox())));
                        octets.addAndGet(imap.octets());
                    }
                });
        if (!wholeMailbox) {
            return result;
        }
        double megabytes = octets.get() / MEGA / result.seconds();
        Result counted = result.times(settings.mailbox());
        return megabytes > 1 ? counted.with("MB/s", megabytes) : counted;
    }
}
