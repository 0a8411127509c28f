package io.postrider.benchmarks;

import java.io.IOException;

/** A client that comes, selects and goes, over and over; by TLS with a whole handshake each time. */
record Logins(Settings settings, int connections, boolean tls) implements Scenario {
    @Override
    public boolean fits(Server server) {
        return (tls ? server.target().imaps() : server.target().imap()) > 0;
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        return Load.run(target, connections, bounds, index -> new Load.Worker() {
            @Override
            public void operate(long n) throws IOException {
                try (ImapClient imap = tls ? ImapClient.tls(target) : new ImapClient(target)) {
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
