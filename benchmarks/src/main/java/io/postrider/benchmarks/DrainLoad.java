package io.postrider.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Fills nodes with connections in IDLE and some that are at work, stops all nodes at once, and looks at how each connection
 * ended: with a whole {@code * BYE} at a command's boundary, and no command without its reply. One process may not open as many
 * files as that takes on some machines, so the clients are several.
 */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = "Drains nodes full of connections in IDLE; exit status 1 unless each was sent away well.")
public final class DrainLoad implements Callable<Integer> {
    /** How a connection should end. */
    static final String WELL = "BYE, everything answered";

    @Option(names = "--node", split = ",", required = true, description = "host:port:process, each.")
    private List<String> nodes;

    @Option(names = "--connections", defaultValue = "20000", description = "Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(names = "--busy", defaultValue = "200", description = "Of these at work. Default: ${DEFAULT-VALUE}.")
    private int busy;

    @Option(names = "--processes", defaultValue = "4", description = "Of clients. Default: ${DEFAULT-VALUE}.")
    private int processes;

    @Option(names = "--accounts", defaultValue = "100", description = "drain0, drain1, ... Default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(names = "--domain", defaultValue = "example.com")
    private String domain;

    @Option(names = "--password", defaultValue = "bench")
    private String password;

    @Option(names = "--within", defaultValue = "60", description = "Seconds. Default: ${DEFAULT-VALUE}.")
    private int within;

    private final List<Process> clients = new ArrayList<>();
    private final Map<String, Integer> endings = new TreeMap<>();
    private final List<Long> byes = new ArrayList<>();
    private long commands;

    public static void main(String[] args) {
        boolean isClient = args.length > 0 && args[0].equals("clients");
        Object command = isClient ? new DrainClients() : new DrainLoad();
        String[] options = isClient ? List.of(args).subList(1, args.length).toArray(new String[0]) : args;
        System.exit(new CommandLine(command).execute(options));
    }

    @Override
    public Integer call() throws Exception {
        try {
            return drain();
        } finally {
            clients.forEach(Process::destroy);
        }
    }

    private int drain() throws Exception {
        List<BufferedReader> outputs = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            clients.add(startClients(i));
            outputs.add(new BufferedReader(
                    new InputStreamReader(clients.get(i).getInputStream(), StandardCharsets.US_ASCII)));
        }
        long began = System.nanoTime();
        for (BufferedReader output : outputs) {
            if (!"ready".equals(output.readLine())) {
                System.err.println("a process of clients did not get ready");
                return 1;
            }
        }
        System.out.printf("%,d connections ready after %.0f s%n", connections, secondsSince(began));
        TimeUnit.SECONDS.sleep(2);
        List<ProcessHandle> servers = nodes.stream()
                .map(node ->
                        ProcessHandle.of(Long.parseLong(node.split(":")[2])).orElseThrow())
                .toList();
        long stopped = System.nanoTime();
        long stoppedAt = System.currentTimeMillis();
        servers.forEach(ProcessHandle::destroy);
        boolean inTime = allEnd(servers);
        double seconds = secondsSince(stopped);
        for (BufferedReader output : outputs) {
            output.lines().forEach(this::told);
        }
        report(stoppedAt, seconds);
        boolean well = endings.keySet().stream().allMatch(how -> how.endsWith(WELL))
                && endings.values().stream().mapToInt(n -> n).sum() == connections;
        return inTime && well ? 0 : 1;
    }

    private Process startClients(int number) throws IOException {
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                DrainLoad.class.getName(),
                "clients",
                "--target="
                        + nodes.stream()
                                .map(node -> node.substring(0, node.lastIndexOf(':')))
                                .collect(Collectors.joining(",")),
                "--connections=" + share(connections, number),
                "--busy=" + share(busy, number),
                // From one address to a port of another there are no more than some 28,000 connections.
                "--source=127.0.1." + (number + 1),
                "--accounts=" + accounts,
                "--domain=" + domain,
                "--password=" + password);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private int share(int all, int number) {
        return all / processes + (number < all % processes ? 1 : 0);
    }

    private boolean allEnd(List<ProcessHandle> servers) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(within);
        for (ProcessHandle server : servers) {
            try {
                server.onExit().get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                System.out.println("a node still runs after " + within + " s");
                return false;
            }
        }
        return true;
    }

    private void told(String line) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case "ended" -> endings.merge(words[2], Integer.valueOf(words[1]), Integer::sum);
            case "bye" -> byes.add(Long.valueOf(words[1]));
            case "commands" -> commands += Long.parseLong(words[1]);
            default -> System.out.println(line);
        }
    }

    private void report(long stoppedAt, double seconds) {
        TreeMap<Long, Integer> bySecond = new TreeMap<>();
        byes.forEach(at -> bySecond.merge((at - stoppedAt) / 1000, 1, Integer::sum));
        endings.forEach((how, count) -> System.out.printf("%,8d %s%n", count, how));
        System.out.printf("%,d commands were answered%n", commands);
        if (!bySecond.isEmpty()) {
            System.out.printf(
                    "BYE from second %d to second %d after SIGTERM, at most %,d in one second%n",
                    bySecond.firstKey(),
                    bySecond.lastKey(),
                    bySecond.values().stream().mapToInt(n -> n).max().orElse(0));
        }
        System.out.printf("all nodes had ended after %.1f s%n", seconds);
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
