package io.postrider.benchmarks;

import io.postrider.testkit.MessageGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** What users and neighbouring servers do, one kind of work at a time. */
interface Scenario {
    /** Done once for each target, untimed. */
    default void prepare(Target target) throws Exception {}

    Load.Result run(Target target) throws Exception;

    /** All of them by name, in the order they are run. */
    static Map<String, Scenario> all(Settings settings) {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("lmtp-1", new Lmtp(settings, 1, 1));
        all.put("lmtp-16", new Lmtp(settings, 16, 1));
        all.put("lmtp-16-to-10", new Lmtp(settings, 16, 10));
        all.put("append-1", new Append(settings, 1));
        all.put("append-16", new Append(settings, 16));
        all.put("login", new Login(settings, 8));
        all.put("select", new Repeated(settings, 20, "SELECT INBOX", 0.1));
        all.put("status", new Repeated(settings, 20, "STATUS INBOX (MESSAGES UNSEEN UIDNEXT)", 0.5));
        all.put("flags", new Repeated(settings, 1, "UID FETCH 1:* (FLAGS)", 0.005));
        all.put(
                "headers",
                new Repeated(
                        settings,
                        1,
                        "UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE"
                                + " BODY.PEEK[HEADER.FIELDS (REFERENCES)])",
                        0.003));
        all.put("bodies", new Repeated(settings, 1, "UID FETCH 1:* (UID BODY.PEEK[])", 0.002));
        all.put("store-1", new Repeated(settings, 8, "STORE %d +FLAGS (\\Flagged)|STORE %d -FLAGS (\\Flagged)", 0.5));
        all.put("search-body", new Repeated(settings, 1, "UID SEARCH BODY \"saddlebag\"", 0.005));
        all.put("search-unseen", new Repeated(settings, 1, "UID SEARCH UNSEEN", 0.05));
        all.put("pop3", new Pop3(settings, 4));
        all.put("mixed", new Mixed(settings, 20));
        return all;
    }

    /**
     * @param operations how many the cheap scenarios do; the dear ones do a share of it
     * @param mailboxSize messages in the mailbox that is read
     */
    record Settings(int accounts, String domain, String password, int operations, int mailboxSize) {
        String account(int index) {
            return "bench" + (1 + Math.floorMod(index, accounts)) + "@" + domain;
        }

        /** The account whose INBOX is filled for reading: no other scenario writes to it. */
        String reader() {
            return "reader@" + domain;
        }
    }

    /** 4 KB and 20 KB in turn, made once: making them is not what is measured. */
    record Messages(List<byte[]> all) {
        static Messages mixed() {
            MessageGenerator generator = new MessageGenerator(1);
            return new Messages(IntStream.range(0, 64)
                    .mapToObj(i -> i % 2 == 0 ? generator.text(4096) : generator.multipart(20_480))
                    .toList());
        }

        static Messages small() {
            MessageGenerator generator = new MessageGenerator(2);
            return new Messages(
                    IntStream.range(0, 64).mapToObj(i -> generator.text(4096)).toList());
        }

        byte[] get(long n) {
            return all.get((int) (n % all.size()));
        }
    }

    /** Deliveries, each connection to accounts of its own. */
    record Lmtp(Settings settings, int connections, int recipients) implements Scenario {
        @Override
        public Load.Result run(Target target) throws Exception {
            Messages stuffed = new Messages(
                    Messages.mixed().all().stream().map(LmtpClient::stuff).toList());
            long operations = Math.max(100, settings.operations() / (recipients > 1 ? 8 : connections > 1 ? 1 : 3));
            return Load.run(target, connections, operations, index -> {
                LmtpClient client = new LmtpClient(target);
                List<String> to = IntStream.range(0, recipients)
                        .mapToObj(i -> settings.account(index * recipients + i))
                        .toList();
                return new Load.Worker() {
                    @Override
                    public void operate(long n) throws IOException {
                        client.deliver(to, stuffed.get(n));
                    }

                    @Override
                    public void close() throws IOException {
                        client.close();
                    }
                };
            });
        }
    }

    /** APPEND of 4 KB, each connection to an account of its own. */
    record Append(Settings settings, int connections) implements Scenario {
        @Override
        public Load.Result run(Target target) throws Exception {
            Messages messages = Messages.small();
            return Load.run(
                    target,
                    connections,
                    settings.operations() / (connections > 1 ? 1 : 3),
                    index -> new Session(target, settings.account(index), settings.password()) {
                        @Override
                        public void operate(long n) throws IOException {
                            imap.append("INBOX", messages.get(n));
                        }
                    });
        }
    }

    /** A client that comes, selects and goes, over and over. */
    record Login(Settings settings, int connections) implements Scenario {
        @Override
        public Load.Result run(Target target) throws Exception {
            return Load.run(target, connections, settings.operations() / 4, index -> new Load.Worker() {
                @Override
                public void operate(long n) throws IOException {
                    try (ImapClient imap = new ImapClient(target)) {
                        imap.login(settings.account((int) n), settings.password());
                        imap.command("SELECT INBOX");
                        imap.command("LOGOUT");
                    }
                }

                @Override
                public void close() {}
            });
        }
    }

    /** The same command over and over on the filled mailbox; alternatives are parted by "|", %d is a message's number. */
    record Repeated(Settings settings, int connections, String commands, double share) implements Scenario {
        @Override
        public void prepare(Target target) throws Exception {
            fill(target, settings);
        }

        @Override
        public Load.Result run(Target target) throws Exception {
            String[] alternatives = commands.split("\\|");
            long operations = Math.max(5, (long) (settings.operations() * share));
            return Load.run(
                    target,
                    connections,
                    operations,
                    index -> new Session(target, settings.reader(), settings.password()) {
                        private final Random random = new Random(index);

                        @Override
                        public void operate(long n) throws IOException {
                            String command = alternatives[(int) (n % alternatives.length)];
                            imap.command(String.format(command, 1 + random.nextInt(settings.mailboxSize())));
                        }
                    });
        }
    }

    /** RETR of what has been delivered. */
    record Pop3(Settings settings, int connections) implements Scenario {
        @Override
        public void prepare(Target target) throws Exception {
            for (int i = 0; i < connections; i++) {
                try (ImapClient imap = new ImapClient(target)) {
                    imap.login(settings.account(i), settings.password());
                    for (int n = 0; n < 200; n++) {
                        imap.append("INBOX", Messages.small().get(n));
                    }
                }
            }
        }

        @Override
        public Load.Result run(Target target) throws Exception {
            return Load.run(target, connections, settings.operations(), index -> {
                Pop3Client pop3 = new Pop3Client(target, settings.account(index), settings.password());
                Random random = new Random(index);
                return new Load.Worker() {
                    @Override
                    public void operate(long n) throws IOException {
                        pop3.retrieve(1 + random.nextInt(pop3.messages()));
                    }

                    @Override
                    public void close() throws IOException {
                        pop3.close();
                    }
                };
            });
        }
    }

    /** What a desk full of mail readers does: looks, reads, flags, now and then a message put away. */
    record Mixed(Settings settings, int connections) implements Scenario {
        @Override
        public void prepare(Target target) throws Exception {
            for (int i = 0; i < connections; i++) {
                try (ImapClient imap = new ImapClient(target)) {
                    imap.login(settings.account(i), settings.password());
                    for (int n = 0; n < 50; n++) {
                        imap.append("INBOX", Messages.small().get(n));
                    }
                }
            }
        }

        @Override
        public Load.Result run(Target target) throws Exception {
            Messages messages = Messages.small();
            return Load.run(
                    target,
                    connections,
                    settings.operations(),
                    index -> new Session(target, settings.account(index), settings.password()) {
                        private final Random random = new Random(index);

                        @Override
                        public void operate(long n) throws IOException {
                            int message = 1 + random.nextInt(50);
                            int dice = random.nextInt(100);
                            if (dice < 25) {
                                imap.command("NOOP");
                            } else if (dice < 45) {
                                imap.command("FETCH " + message + " (UID FLAGS RFC822.SIZE ENVELOPE BODYSTRUCTURE)");
                            } else if (dice < 65) {
                                imap.command("FETCH " + message + " (BODY.PEEK[])");
                            } else if (dice < 80) {
                                imap.command("STORE " + message + (dice % 2 == 0 ? " +" : " -") + "FLAGS (\\Seen)");
                            } else if (dice < 90) {
                                imap.command("STATUS Drafts (MESSAGES UNSEEN)");
                            } else if (dice < 95) {
                                imap.command("UID SEARCH UNSEEN");
                            } else {
                                imap.append("Drafts", messages.get(n));
                            }
                        }
                    });
        }
    }

    /** An IMAP session with INBOX selected. */
    abstract class Session implements Load.Worker {
        final ImapClient imap;

        Session(Target target, String account, String password) throws IOException {
            imap = new ImapClient(target).login(account, password);
            imap.command("SELECT INBOX");
        }

        @Override
        public void close() throws IOException {
            imap.close();
        }
    }

    /** Brings the reader's INBOX to its size, with sixteen connections. */
    private static void fill(Target target, Settings settings) throws Exception {
        long missing;
        try (ImapClient imap = new ImapClient(target)) {
            imap.login(settings.reader(), settings.password());
            imap.command("SELECT INBOX");
            imap.command("UID FETCH 1:* (UID)");
            missing = settings.mailboxSize() - imap.untagged();
        }
        if (missing <= 0) {
            return;
        }
        Messages messages = Messages.mixed();
        Target untimed =
                new Target(target.name(), target.host(), target.imap(), target.pop3(), target.lmtp(), List.of());
        Load.run(untimed, 16, missing, index -> new Session(target, settings.reader(), settings.password()) {
            @Override
            public void operate(long n) throws IOException {
                imap.append("INBOX", messages.get(n));
            }
        });
    }
}
