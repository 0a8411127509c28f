package io.postrider.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * All clients of a node that died come back at once, by TLS: connect, LOGIN, SELECT, and stay. Twice: at first no node
 * knows any password, so each account's is worked out; then, within the minute for which verified logins are remembered, it
 * is not. A login that is told to come back ([UNAVAILABLE]) does so after a moment; any other refusal is a failure.
 */
@Command(name = "login-storm", mixinStandardHelpOptions = true)
final class LoginStorm implements Callable<Integer> {
    /** Client addresses, so that none is refused for having too many connections. */
    private static final int SOURCES = 20;

    private static final int RETRY_MILLIS = 200;
    private static final int MINUTES = 5;

    @Option(names = "--target", split = ",", required = true, description = "host:port of IMAPS, in turn.")
    private List<String> targets;

    @Option(names = "--sessions", defaultValue = "10000", description = "Default: ${DEFAULT-VALUE}.")
    private int sessions;

    @Option(names = "--accounts", defaultValue = "2000", description = "storm0, storm1 …; default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(names = "--at-once", defaultValue = "1000", description = "Not served yet; default: ${DEFAULT-VALUE}.")
    private int atOnce;

    @Option(names = "--password", defaultValue = "bench")
    private String password;

    @Option(names = "--pids", split = ",", description = "The servers' processes, for their CPU seconds.")
    private List<Long> pids = List.of();

    private final Vertx vertx = Vertx.vertx();
    private final List<NetClient> clients = new ArrayList<>();
    private AtomicLongArray nanos;
    private AtomicInteger begun;
    private AtomicInteger failed;
    private AtomicInteger retried;
    private CountDownLatch left;
    private List<NetSocket> open;

    @Override
    public Integer call() throws Exception {
        for (int i = 0; i < SOURCES; i++) {
            clients.add(vertx.createNetClient(new NetClientOptions()
                    .setLocalAddress("127.0.0." + (2 + i))
                    .setSsl(true)
                    .setTrustAll(true)
                    .setHostnameVerificationAlgorithm("")));
        }
        System.out.println("| storm | sessions | seconds | sessions/s | p50 s | p99 s | told to come back | failed |"
                + " CPU s of the servers |");
        System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        int bad = storm("passwords not known") + storm("passwords verified before");
        vertx.close().await(20, TimeUnit.SECONDS);
        return bad == 0 ? 0 : 1;
    }

    private int storm(String name) throws Exception {
        nanos = new AtomicLongArray(sessions);
        begun = new AtomicInteger();
        failed = new AtomicInteger();
        retried = new AtomicInteger();
        left = new CountDownLatch(sessions);
        open = java.util.Collections.synchronizedList(new ArrayList<>());
        double cpu = CpuTime.seconds(pids);
        long started = System.nanoTime();
        for (int i = 0; i < atOnce; i++) {
            next();
        }
        if (!left.await(MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException(left.getCount() + " sessions were not served in " + MINUTES + " minutes");
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        long[] sorted = new long[sessions];
        Arrays.setAll(sorted, nanos::get);
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %.1f | %,.0f | %.2f | %.2f | %,d | %,d | %.1f |%n",
                name,
                sessions,
                seconds,
                sessions / seconds,
                sorted[sessions / 2] / 1e9,
                sorted[(int) (sessions * 0.99)] / 1e9,
                retried.get(),
                failed.get(),
                CpuTime.seconds(pids) - cpu);
        open.forEach(NetSocket::close);
        return failed.get();
    }

    private void next() {
        int number = begun.getAndIncrement();
        if (number < sessions) {
            connect(number, System.nanoTime());
        }
    }

    private void connect(int number, long since) {
        String[] target = targets.get(number % targets.size()).split(":");
        clients.get(number % SOURCES)
                .connect(Integer.parseInt(target[1]), target[0])
                .onSuccess(socket -> converse(socket, number, since))
                .onFailure(failure -> end(number, since, failure.getMessage()));
    }

    private void converse(NetSocket socket, int number, long since) {
        open.add(socket);
        String login = "a LOGIN storm" + number % accounts + "@example.com " + password + "\r\n";
        boolean[] served = new boolean[1];
        socket.closeHandler(v -> {
            if (!served[0]) {
                served[0] = true;
                end(number, since, "closed");
            }
        });
        socket.handler(RecordParser.newDelimited("\r\n", octets -> {
            String line = octets.toString();
            if (line.startsWith("* OK") && line.contains("CAPABILITY") || line.startsWith("a NO [UNAVAILABLE]")) {
                if (line.startsWith("a")) {
                    retried.incrementAndGet();
                    vertx.setTimer(RETRY_MILLIS, timer -> socket.write(login));
                } else {
                    socket.write(login);
                }
            } else if (line.startsWith("a OK")) {
                socket.write(Buffer.buffer("b SELECT INBOX\r\n"));
            } else if ((line.startsWith("a ") || line.startsWith("b ")) && !served[0]) {
                served[0] = true;
                end(number, since, line.startsWith("b OK") ? null : line);
            }
        }));
    }

    private void end(int number, long since, String failure) {
        if (failure != null && failed.getAndIncrement() == 0) {
            System.err.println("the first that failed: " + failure);
        }
        nanos.set(number, System.nanoTime() - since);
        left.countDown();
        next();
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LoginStorm()).execute(arguments));
    }
}
