package io.postrider.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.store.MailboxKey;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.PostgresChangeFeed;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How far NOTIFY carries the news of mailboxes: so many nodes' feeds in this process, on a PostgreSQL of its own, each of
 * which announces changes to its mailboxes and watches those of all others. A change's MODSEQ is the time it was announced
 * at, so whoever hears of it knows how long it took.
 */
@Command(
        name = "notify-load",
        mixinStandardHelpOptions = true,
        description = "Measures news between nodes: nodes by changes a second.")
public final class NotifyLoad implements Callable<Integer> {
    private static final int WARM_UP_SECONDS = 1;

    @Option(names = "--nodes", split = ",", defaultValue = "2,4,8", description = "Default: ${DEFAULT-VALUE}.")
    private List<Integer> nodes;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "10,1000,10000,50000",
            description = "Changes a second, of all nodes together. Default: ${DEFAULT-VALUE}.")
    private List<Integer> rates;

    @Option(names = "--seconds", defaultValue = "5", description = "For each measurement. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--mailboxes",
            defaultValue = "2000",
            description = "Each node's, where its changes happen at random. Default: ${DEFAULT-VALUE}.")
    private int mailboxes;

    /** What one measurement gave. */
    record Result(int nodes, int rate, double changes, double heard, double p50, double p99, double cpu) {
        String row() {
            return String.format(
                    Locale.ROOT,
                    "| %d | %,d | %,.0f | %,.0f | %.1f | %.1f | %.2f |",
                    nodes,
                    rate,
                    changes,
                    heard,
                    p50,
                    p99,
                    cpu);
        }
    }

    /** One node, and what it has heard of the others. All but its feed is touched only on its context. */
    private final class Node {
        final int number;
        final PostgresChangeFeed feed;
        final Context context;
        final List<Long> micros = new ArrayList<>();
        double owed;
        long announced;
        long heard;

        Node(int number, PostgresChangeFeed feed, Context context) {
            this.number = number;
            this.feed = feed;
            this.context = context;
        }

        void watch(int owner) {
            for (int i = 0; i < mailboxes; i++) {
                feed.watch(new MailboxKey(owner, i), announcedAt -> {
                    // "Look at everything" when the feed has just come up.
                    if (announcedAt != Long.MAX_VALUE) {
                        heard++;
                        micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - announcedAt));
                    }
                });
            }
        }

        void announce(double perMilli) {
            for (owed += perMilli; owed >= 1; owed--) {
                announced++;
                feed.announce(
                        new MailboxKey(number, ThreadLocalRandom.current().nextInt(mailboxes)), System.nanoTime());
            }
        }

        void forget() {
            micros.clear();
            announced = 0;
            heard = 0;
        }
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new NotifyLoad()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        System.out.println("| nodes | changes/s wanted | changes/s | heard/s | p50 ms | p99 ms | PostgreSQL's CPUs |");
        System.out.println("|--:|--:|--:|--:|--:|--:|--:|");
        for (int count : nodes) {
            for (int rate : rates) {
                System.out.println(measure(count, rate).row());
            }
        }
        return 0;
    }

    Result measure(int count, int rate) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (TestDatabase database = TestDatabase.create()) {
            List<Long> server = List.of(
                    Long.valueOf(database.queryOne("select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)")));
            List<Node> all = new ArrayList<>();
            for (int number = 1; number <= count; number++) {
                PostgresChangeFeed feed = PostgresChangeFeed.alone(
                                vertx, DatabaseOptions.of(database.url()), new SimpleMeterRegistry())
                        .await(30, TimeUnit.SECONDS);
                all.add(new Node(number, feed, ((VertxInternal) vertx).createEventLoopContext()));
            }
            for (Node node : all) {
                on(node, () -> {
                    all.stream().filter(other -> other != node).forEach(other -> node.watch(other.number));
                    double perMilli = rate / 1000.0 / count;
                    // By the clock: timers are late when the machine is busy.
                    long[] last = {System.nanoTime()};
                    vertx.setPeriodic(1, timer -> {
                        long now = System.nanoTime();
                        node.announce(perMilli * (now - last[0]) / 1e6);
                        last[0] = now;
                    });
                });
            }
            Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS));
            for (Node node : all) {
                on(node, node::forget);
            }
            double cpuBefore = new ProcessTree(server).cpuSeconds();
            Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
            double cpu = new ProcessTree(server).cpuSeconds() - cpuBefore;
            List<Long> micros = new ArrayList<>();
            long[] sums = new long[2];
            for (Node node : all) {
                on(node, () -> {
                    micros.addAll(node.micros);
                    sums[0] += node.announced;
                    sums[1] += node.heard;
                });
            }
            micros.sort(null);
            return new Result(
                    count,
                    rate,
                    (double) sums[0] / seconds,
                    (double) sums[1] / seconds,
                    quantile(micros, 0.50),
                    quantile(micros, 0.99),
                    cpu / seconds);
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }

    private static double quantile(List<Long> sortedMicros, double part) {
        return sortedMicros.isEmpty()
                ? Double.NaN
                : sortedMicros.get((int) (part * (sortedMicros.size() - 1))) / 1000.0;
    }

    private static void on(Node node, Runnable work) throws Exception {
        Promise<Void> done = Promise.promise();
        node.context.runOnContext(v -> {
            work.run();
            done.complete();
        });
        done.future().await(30, TimeUnit.SECONDS);
    }
}
