package io.postrider.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    private static final int APART_MILLIS = 20;

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
        long[] micros = micros(Target.at(lmtp), Target.at(imap), account, password, warmUp, messages);
        Arrays.sort(micros);
        System.out.printf(
                "%,d messages: EXISTS after 250: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                messages, millis(micros, 0.5), millis(micros, 0.9), millis(micros, 0.99), millis(micros, 1));
        return 0;
    }

    /** @param from whose LMTP mail comes to */
    static long[] micros(Target from, Target to, String account, String password, int warmUp, int messages)
            throws IOException, InterruptedException {
        return micros(from, to, account, password, warmUp, messages, Integer.MAX_VALUE);
    }

    /** @param seconds after which those that have come are enough: there are servers that wait half a second with each */
    static long[] micros(
            Target from, Target to, String account, String password, int warmUp, int messages, double seconds)
            throws IOException, InterruptedException {
        long[] micros = new long[messages];
        long until = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        try (LmtpClient sender = new LmtpClient(from);
                ImapClient watcher = new ImapClient(to).login(account, password)) {
            watcher.command("SELECT INBOX");
            watcher.idle();
            for (int i = -warmUp; i < messages; i++) {
                sender.deliver(List.of(account), MESSAGE);
                long delivered = System.nanoTime();
                while (!watcher.line().endsWith(" EXISTS")) {
                    // RECENT, and that it is still here.
                    continue;
                }
                if (i >= 0) {
                    // It may have been there before we looked.
                    micros[i] = (System.nanoTime() - delivered) / 1000;
                    if (System.nanoTime() > until) {
                        return Arrays.copyOf(micros, i + 1);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(APART_MILLIS));
            }
        }
        return micros;
    }

    private static double millis(long[] sorted, double part) {
        return sorted[(int) (part * (sorted.length - 1))] / 1e3;
    }
}
