package io.postrider.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * A desk full of mail readers without time to think, half of them with Thunderbird's habits, half with Apple Mail's, while now and then
 * new mail comes in. An operation is a command (IDLE with what ends it), or a delivery.
 */
record Mixed(Settings settings, int connections) implements Scenario {
    private static final int MESSAGES = 50;

    /** Of a hundred operations so many are deliveries. */
    private static final int DELIVERIES = 2;

    @Override
    public void prepare(Server server) throws Exception {
        for (int i = 0; i < connections; i++) {
            Mailboxes.fill(server.target(), settings.account(i), settings.password(), MESSAGES, Messages.mixed());
        }
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        return Load.run(
                target,
                connections,
                bounds,
                index -> new Reader(target, settings, index, index % 2 == 0 ? Habit.THUNDERBIRD : Habit.APPLE_MAIL));
    }

    /** What a client asks for, the more often the more often it stands here; %d is a message's number. */
    record Habit(List<String> opening, List<String> commands) {
        private static final String APPEND = "APPEND";
        private static final String IDLE = "IDLE";

        /** Headers of some, whole messages, flags, other mailboxes' counters; drafts are saved while they are written. */
        static final Habit THUNDERBIRD = new Habit(
                List.of("NAMESPACE", "LIST \"\" \"*\"", "SELECT INBOX", "UID FETCH 1:* (FLAGS)"),
                List.of(
                        "NOOP",
                        "NOOP",
                        "FETCH %d:* (UID FLAGS)",
                        "FETCH %d (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date Message-ID"
                                + " Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To)])",
                        "FETCH %d (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date Message-ID"
                                + " Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To)])",
                        "FETCH %d (UID RFC822.SIZE BODY.PEEK[])",
                        "FETCH %d (UID RFC822.SIZE BODY.PEEK[])",
                        "STORE %d +FLAGS (\\Seen)",
                        "STORE %d -FLAGS (\\Seen)",
                        "STATUS Drafts (UIDNEXT MESSAGES UNSEEN RECENT)",
                        "STATUS Drafts (UIDNEXT MESSAGES UNSEEN RECENT)",
                        "UID SEARCH UNSEEN",
                        IDLE,
                        APPEND));

        /** Structure first, then the parts it shows in pieces of 384 KB, past the end too; silent about flags; much in IDLE. */
        static final Habit APPLE_MAIL = new Habit(
                List.of("ID NIL", "LIST \"\" \"*\"", "SELECT INBOX (CONDSTORE)", "FETCH 1:* (FLAGS UID)"),
                List.of(
                        IDLE,
                        IDLE,
                        "STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)",
                        "STATUS Drafts (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)",
                        "FETCH %d:* (UID FLAGS) (CHANGEDSINCE 1)",
                        "FETCH %d (INTERNALDATE UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (date subject from to cc message-id"
                                + " in-reply-to references content-type x-priority x-uniform-type-identifier)])",
                        "FETCH %d (INTERNALDATE UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (date subject from to cc message-id"
                                + " in-reply-to references content-type x-priority x-uniform-type-identifier)])",
                        "FETCH %d (BODYSTRUCTURE BODY.PEEK[HEADER])",
                        "FETCH %d (BODYSTRUCTURE BODY.PEEK[HEADER])",
                        "FETCH %d (BODY.PEEK[1]<0.393216>)",
                        "FETCH %d (BODY.PEEK[1]<0.393216>)",
                        "FETCH %d (BODY.PEEK[1]<393216.393216>)",
                        "STORE %d +FLAGS.SILENT (\\Seen)",
                        "STORE %d -FLAGS.SILENT (\\Seen)",
                        APPEND));
    }

    /** Somebody who reads mail, and a neighbouring server that has some for them. */
    private static final class Reader implements Load.Worker {
        private final ImapClient imap;
        private final LmtpClient lmtp;
        private final Habit habit;
        private final Random random;
        private final Messages messages = Messages.small();
        private final Messages stuffed = messages.map(LmtpClient::stuff);
        private final String account;

        Reader(Target target, Settings settings, int index, Habit habit) throws IOException {
            this.habit = habit;
            account = settings.account(index);
            random = new Random(index);
            imap = new ImapClient(target).login(account, settings.password());
            lmtp = target.lmtp() > 0 ? new LmtpClient(target) : null;
            for (String command : habit.opening()) {
                imap.command(command);
            }
        }

        @Override
        public void operate(long n) throws IOException {
            if (lmtp != null && random.nextInt(100) < DELIVERIES) {
                lmtp.deliver(List.of(account), stuffed.get(n));
                return;
            }
            String command =
                    habit.commands().get(random.nextInt(habit.commands().size()));
            if (command.equals(Habit.APPEND)) {
                imap.append("Drafts", messages.get(n));
            } else if (command.equals(Habit.IDLE)) {
                imap.idle();
                imap.done("NOOP");
            } else {
                imap.command(String.format(command, 1 + random.nextInt(MESSAGES)));
            }
        }

        @Override
        public void close() throws IOException {
            imap.close();
            if (lmtp != null) {
                lmtp.close();
            }
        }
    }
}
