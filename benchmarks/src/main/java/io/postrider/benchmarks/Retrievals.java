package io.postrider.benchmarks;

import java.io.IOException;
import java.util.Random;

/** POP3's RETR of what is there. */
record Retrievals(Settings settings, int connections) implements Scenario {
    private static final int MESSAGES = 200;

    @Override
    public boolean fits(Server server) {
        return server.target().pop3() > 0 && server.target().imap() > 0;
    }

    @Override
    public void prepare(Server server) throws Exception {
        for (int i = 0; i < connections; i++) {
            Mailboxes.fill(server.target(), settings.account(i), settings.password(), MESSAGES, Messages.small());
        }
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        return Load.run(target, connections, bounds, index -> {
            Pop3Client pop3 = new Pop3Client(target, settings.account(index), settings.password());
            Random random = new Random(index);
            return new Load.Worker() {
                @Override
                public void operate(long n) throws IOException {
                    pop3.retrieve(1 + random.nextInt(MESSAGES));
                }

                @Override
                public void close() throws IOException {
                    pop3.close();
                }
            };
        });
    }
}
