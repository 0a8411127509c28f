package io.postrider.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** Mail that comes in by LMTP, each connection's to accounts of its own. */
record Deliveries(Settings settings, int connections, int recipients, Messages messages) implements Scenario {
    @Override
    public boolean fits(Server server) {
        return server.target().lmtp() > 0;
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        Messages stuffed = messages.map(LmtpClient::stuff);
        return Load.run(target, connections, bounds, index -> new Sender(target, to(index), stuffed));
    }

    private List<String> to(int index) {
        return IntStream.range(0, recipients)
                .mapToObj(i -> settings.account(index * recipients + i))
                .toList();
    }

    private static final class Sender implements Load.Worker {
        private final LmtpClient client;
        private final List<String> to;
        private final Messages stuffed;

        Sender(Target target, List<String> to, Messages stuffed) throws IOException {
            client = new LmtpClient(target);
            this.to = to;
            this.stuffed = stuffed;
        }

        @Override
        public void operate(long n) throws IOException {
            client.deliver(to, stuffed.get(n));
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
