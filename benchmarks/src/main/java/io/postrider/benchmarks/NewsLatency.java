package io.postrider.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long after one node's 250 a session in IDLE on another node is told of the message. One message at a time. */
@Command(
        name = "news-latency",
        mixinStandardHelpOptions = true,
        description = "Measures from LMTP's 250 on one node to EXISTS on another.")
public final class NewsLatency implements Callable<Integer> {
    private static final byte[] MESSAGE = "Subject: news\r\n\r\nText.\r\n".getBytes(StandardCharsets.US_ASCII);

    @Option(names = "--lmtp", required = true, description = "host:port of the node that mail comes to.")
    private String lmtp;

    @Option(names = "--imap", required = true, description = "host:port of the node that is listened to.")
    private String imap;

    @Option(names = "--account", defaultValue = "bench1@example.com")
    private String account;

    @Option(names = "--password", defaultValue = "bench")
    private String password;

    @Option(names = "--messages", defaultValue = "500", description = "Default: ${DEFAULT-VALUE}.")
    private int messages;

    @Option(names = "--warm-up", defaultValue = "300", description = "Messages not counted. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    public static void main(String[] args) {
        System.exit(new CommandLine(new NewsLatency()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Double> millis = new ArrayList<>();
        try (LmtpClient sender = new LmtpClient(target(lmtp));
                LineClient watcher = idle()) {
            for (int i = -warmUp; i < messages; i++) {
                sender.deliver(List.of(account), MESSAGE);
                long delivered = System.nanoTime();
                awaitExists(watcher);
                if (i >= 0) {
                    // It may have been there before we looked.
                    millis.add((System.nanoTime() - delivered) / 1e6);
                }
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(20));
            }
        }
        millis.sort(null);
        System.out.printf(
                "%,d messages: EXISTS after 250: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                messages, quantile(millis, 0.5), quantile(millis, 0.9), quantile(millis, 0.99), quantile(millis, 1));
        return 0;
    }

    private LineClient idle() throws IOException {
        Target target = target(imap);
        LineClient client = new LineClient(target.host(), target.imap());
        client.send("a LOGIN " + account + " " + password);
        client.send("b SELECT INBOX");
        client.send("c IDLE");
        String line = client.line();
        while (!line.startsWith("+ ")) {
            if (line.startsWith("a NO") || line.startsWith("b NO")) {
                throw new IOException(line);
            }
            line = client.line();
        }
        return client;
    }

    private static void awaitExists(LineClient watcher) throws IOException {
        while (!watcher.line().endsWith(" EXISTS")) {
            // RECENT, and that it is still here.
            continue;
        }
    }

    private static double quantile(List<Double> sorted, double part) {
        return sorted.get((int) (part * (sorted.size() - 1)));
    }

    /** All ports alike: only one of them is asked for. */
    private static Target target(String place) {
        int colon = place.lastIndexOf(':');
        int port = Integer.parseInt(place.substring(colon + 1));
        return new Target(place, place.substring(0, colon), port, port, port, List.of());
    }
}
