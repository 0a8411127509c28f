package io.postrider.benchmarks;

import java.io.IOException;

/**
 * A command about all messages of INBOX, given for the first time since the server started, and, of a Dovecot, as if nobody had
 * looked at the messages yet. The code is warm: it has just done the same with another account's mailbox. What the kernel keeps of
 * files is not thrown away.
 */
record ColdReading(Settings settings, String command) implements Scenario {
    private static final int WARM_MESSAGES = 1000;
    private static final int WARM_ROUNDS = 20;

    @Override
    public boolean fits(Server server) {
        return server instanceof OwnServer;
    }

    @Override
    public void prepare(Server server) throws Exception {
        Reading.all(settings, command).prepare(server);
        Mailboxes.fill(server.target(), settings.account(0), settings.password(), WARM_MESSAGES, Messages.mixed());
    }

    @Override
    public void warmUp(Server server, double seconds) {
        // Each round warms itself up.
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        ((OwnServer) server).restart();
        Target target = server.target();
        try (ImapClient imap = login(target, settings.account(0))) {
            for (int i = 0; i < WARM_ROUNDS; i++) {
                imap.command(command.replace("1:*", "1:" + WARM_MESSAGES));
            }
        }
        return Load.run(target, 1, new Load.Bounds(0, 1), index -> new Load.Worker() {
                    private final ImapClient imap = login(target, settings.reader());

                    @Override
                    public void operate(long n) throws IOException {
                        imap.command(command);
                    }

                    @Override
                    public void close() throws IOException {
                        imap.close();
                    }
                })
                .times(settings.mailbox());
    }

    private ImapClient login(Target target, String account) throws IOException {
        ImapClient imap = new ImapClient(target).login(account, settings.password());
        imap.command("SELECT INBOX");
        return imap;
    }
}
