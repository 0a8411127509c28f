package io.postrider.benchmarks;

import java.io.IOException;

/** APPEND of 4 KB, so many messages to a command, each connection to an account of its own; counted are messages. */
record Appends(Settings settings, int connections, int together) implements Scenario {
    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        Messages messages = Messages.small();
        return Load.run(
                        target,
                        connections,
                        bounds,
                        index -> new Session(target, settings.account(index), settings.password()) {
                            @Override
                            public void operate(long n) throws IOException {
                                imap.append("INBOX", messages.some(n, together));
                            }
                        })
                .times(together);
    }
}
