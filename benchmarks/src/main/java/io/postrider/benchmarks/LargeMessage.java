package io.postrider.benchmarks;

import java.io.IOException;

/** One very large message in, or out, again and again: in MB/s, and how far the memory of the server's processes rises. */
record LargeMessage(Settings settings, boolean in) implements Scenario {
    private static final double MEGA = 1e6;
    private static final String MAILBOX = "Large";

    @Override
    public void prepare(Server server) throws Exception {
        try (ImapClient imap = login(server.target())) {
            try {
                imap.command("CREATE " + MAILBOX);
            } catch (IOException e) {
                // It is there already.
            }
            imap.append(MAILBOX, Messages.large(settings.large()));
        }
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        byte[] message = Messages.large(settings.large());
        ProcessTree processes = new ProcessTree(target.pids());
        processes.resetPeak();
        double before = processes.residentOctets();
        Result result = Load.run(target, 1, bounds, index -> new Load.Worker() {
            private final ImapClient imap = select(target);

            @Override
            public void operate(long n) throws IOException {
                if (in) {
                    imap.append(MAILBOX, message);
                } else {
                    imap.command("FETCH 1 (UID BODY.PEEK[])");
                }
            }

            @Override
            public void close() throws IOException {
                if (imap.exists() > 1) {
                    imap.command("STORE 2:" + imap.exists() + " +FLAGS.SILENT (\\Deleted)");
                    imap.command("EXPUNGE");
                }
                imap.close();
            }
        });
        return result.with("MB/s", result.operations() * message.length / MEGA / result.seconds())
                .with("peak above rest, MB", (processes.peakOctets() - before) / MEGA);
    }

    private ImapClient select(Target target) throws IOException {
        ImapClient imap = login(target);
        imap.command("SELECT " + MAILBOX);
        return imap;
    }

    private ImapClient login(Target target) throws IOException {
        return new ImapClient(target).login(settings.account(0), settings.password());
    }
}
