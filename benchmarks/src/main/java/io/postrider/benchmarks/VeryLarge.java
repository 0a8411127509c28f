package io.postrider.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The same commands over and over in a mailbox of so many messages, a twentieth of them unseen, a twentieth of its UIDs missing.
 * An operation is a command, however many messages it is about.
 */
record VeryLarge(Settings settings, int messages, int connections, List<String> commands) implements Scenario {
    /** Changes that a client missed: half of them flags, half messages that are gone. */
    private static final int CHANGES = 100;

    private static final int FAR_APART = 7;

    /** A Maildir has a file for each message: a million of them takes many minutes to make. */
    private static final int MOST_FILES = 100_000;

    /** What is done with it, by name; behind a slash what is given before, once for each connection. */
    static Map<String, Scenario> all(Settings settings, int messages, String prefix) {
        Map<String, Scenario> all = new java.util.LinkedHashMap<>();
        String mailbox = mailbox(messages);
        all.put(prefix + "-select", of(settings, messages, "SELECT " + mailbox));
        all.put(
                prefix + "-status",
                of(settings, messages, "STATUS " + mailbox + " (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)"));
        all.put(prefix + "-flags", of(settings, messages, "UID FETCH 1:* (FLAGS)"));
        all.put(prefix + "-search-unseen", of(settings, messages, "UID SEARCH UNSEEN"));
        all.put(prefix + "-count-unseen", of(settings, messages, "UID SEARCH RETURN (COUNT) UNSEEN"));
        all.put(prefix + "-fetch-1", of(settings, messages, "FETCH %d (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)"));
        all.put(
                prefix + "-store-1",
                new VeryLarge(
                        settings, messages, 8, List.of("STORE %d +FLAGS (\\Flagged)", "STORE %d -FLAGS (\\Flagged)")));
        all.put(
                prefix + "-store-all",
                of(settings, messages, "STORE 1:* +FLAGS (\\Flagged)", "STORE 1:* -FLAGS (\\Flagged)"));
        all.put(prefix + "-qresync", new Resync(of(settings, messages)));
        return all;
    }

    private static VeryLarge of(Settings settings, int messages, String... commands) {
        return new VeryLarge(settings, messages, 1, List.of(commands));
    }

    private static String mailbox(int messages) {
        return "of" + messages;
    }

    @Override
    public boolean fits(Server server) {
        return server.target().imap() > 0
                && (messages <= MOST_FILES || !server.target().name().equals("dovecot-stock"));
    }

    @Override
    public void prepare(Server server) throws Exception {
        try (ImapClient imap = new ImapClient(server.target()).login(settings.collector(), settings.password())) {
            Mailboxes.multiply(imap, mailbox(messages), messages);
        }
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        return Load.run(target, connections, bounds, index -> new Load.Worker() {
            private final ImapClient imap = login(target);
            private final Random random = new Random(index);

            @Override
            public void operate(long n) throws IOException {
                imap.command(
                        String.format(commands.get((int) (n % commands.size())), 1 + random.nextInt(messages / 2)));
            }

            @Override
            public void close() throws IOException {
                imap.close();
            }
        });
    }

    private ImapClient login(Target target) throws IOException {
        ImapClient imap = new ImapClient(target).login(settings.collector(), settings.password());
        imap.command("SELECT " + mailbox(messages));
        return imap;
    }

    /** SELECT with QRESYNC by a client that has missed a hundred changes. RFC 7162 §3.2.5 */
    private record Resync(VeryLarge large) implements Scenario {
        @Override
        public boolean fits(Server server) {
            return large.fits(server);
        }

        @Override
        public void prepare(Server server) throws Exception {
            large.prepare(server);
        }

        @Override
        public Result run(Server server, Load.Bounds bounds) throws Exception {
            Target target = server.target();
            String select = "SELECT " + mailbox(large.messages());
            String missed;
            try (ImapClient imap = new ImapClient(target)
                    .login(large.settings().collector(), large.settings().password())) {
                imap.command("ENABLE QRESYNC");
                imap.command(select);
                missed = select + " (QRESYNC (" + imap.code("UIDVALIDITY") + " " + imap.code("HIGHESTMODSEQ") + "))";
                change(imap);
            }
            return Load.run(target, 1, bounds, index -> new Load.Worker() {
                private final ImapClient imap = enabled(target);

                @Override
                public void operate(long n) throws IOException {
                    imap.command(missed);
                }

                @Override
                public void close() throws IOException {
                    imap.close();
                }
            });
        }

        private ImapClient enabled(Target target) throws IOException {
            ImapClient imap = large.login(target);
            imap.command("ENABLE QRESYNC");
            return imap;
        }

        private static void change(ImapClient imap) throws IOException {
            StringBuilder changed = new StringBuilder();
            StringBuilder gone = new StringBuilder();
            int apart = Math.max(2, Math.min(FAR_APART * 100, imap.exists() / CHANGES));
            for (int i = 0; i < CHANGES / 2; i++) {
                changed.append(i == 0 ? "" : ",").append(1 + i * apart);
                gone.append(i == 0 ? "" : ",").append(2 + i * apart);
            }
            imap.command("STORE " + changed + " -FLAGS.SILENT (\\Answered)");
            imap.command("STORE " + changed + " +FLAGS.SILENT (\\Answered)");
            imap.command("STORE " + gone + " +FLAGS.SILENT (\\Deleted)");
            imap.command("EXPUNGE");
        }
    }
}
