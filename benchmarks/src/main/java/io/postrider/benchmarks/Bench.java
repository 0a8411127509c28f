package io.postrider.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs scenarios against servers side by side: every round takes each server in turn, so that a machine that slows down
 * slows all of them, and the medians' ratios hold.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Loads mail servers and compares them in one run.")
public final class Bench implements Callable<Integer> {
    @Option(
            names = "--target",
            required = true,
            description = "NAME=HOST:IMAP:POP3:LMTP[:PID,PID...]; ratios are to the last one named")
    private List<String> targets;

    @Option(names = "--scenarios", split = ",", description = "Only these; default: all.")
    private List<String> scenarios;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--operations",
            defaultValue = "3000",
            description = "A scenario's size. Default: ${DEFAULT-VALUE}.")
    private int operations;

    @Option(names = "--mailbox", defaultValue = "5000", description = "Messages in the mailbox that is read.")
    private int mailboxSize;

    @Option(
            names = "--accounts",
            defaultValue = "64",
            description = "bench1 to benchN, and reader, must exist. Default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(names = "--domain", defaultValue = "example.com")
    private String domain;

    @Option(names = "--password", defaultValue = "bench", description = "The accounts' password.")
    private String password;

    @Option(names = "--json", description = "Writes every single figure here.")
    private Path json;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Target> servers = targets.stream().map(Target::parse).toList();
        Map<String, Scenario> all =
                Scenario.all(new Scenario.Settings(accounts, domain, password, operations, mailboxSize));
        List<String> wanted = scenarios == null ? List.copyOf(all.keySet()) : scenarios;
        for (String name : wanted) {
            if (!all.containsKey(name)) {
                System.err.println("no scenario " + name + "; there are " + String.join(", ", all.keySet()));
                return 2;
            }
        }
        Map<String, Map<String, List<Load.Result>>> results = new LinkedHashMap<>();
        for (String name : wanted) {
            results.put(name, measure(name, all.get(name), servers));
        }
        System.out.println();
        System.out.print(table(results, servers));
        if (json != null) {
            Files.writeString(json, json(results));
        }
        return 0;
    }

    private Map<String, List<Load.Result>> measure(String name, Scenario scenario, List<Target> servers)
            throws Exception {
        Map<String, List<Load.Result>> results = new LinkedHashMap<>();
        for (Target server : servers) {
            results.put(server.name(), new ArrayList<>());
            named(name, server, () -> {
                scenario.prepare(server);
                return scenario.run(server);
            });
        }
        for (int round = 1; round <= rounds; round++) {
            for (Target server : servers) {
                Load.Result result = named(name, server, () -> scenario.run(server));
                results.get(server.name()).add(result);
                System.err.printf(
                        Locale.ROOT,
                        "%-14s %d/%d %-10s %,9.0f/s%n",
                        name,
                        round,
                        rounds,
                        server.name(),
                        result.perSecond());
            }
        }
        return results;
    }

    /** A failure says where it was: of two servers the wrong one would be suspected. */
    private static Load.Result named(String scenario, Target server, Callable<Load.Result> run) throws Exception {
        try {
            return run.call();
        } catch (IOException e) {
            throw new IOException(scenario + " against " + server.name() + ": " + e.getMessage(), e);
        }
    }

    /** Medians, as a Markdown table. */
    static String table(Map<String, Map<String, List<Load.Result>>> results, List<Target> servers) {
        String base = servers.get(servers.size() - 1).name();
        StringBuilder table = new StringBuilder("| scenario | server | per second | × " + base
                + " | CPU s per 1000 | × " + base + " | p50 ms | p99 ms |\n");
        table.append("|---|---|--:|--:|--:|--:|--:|--:|\n");
        results.forEach((scenario, byServer) -> byServer.forEach((server, runs) -> {
            double rate =
                    median(runs, Comparator.comparing(Load.Result::perSecond)).perSecond();
            double cpu = median(runs, Comparator.comparing(Load.Result::cpuPerThousand))
                    .cpuPerThousand();
            List<Load.Result> baseRuns = byServer.get(base);
            double baseRate = median(baseRuns, Comparator.comparing(Load.Result::perSecond))
                    .perSecond();
            double baseCpu = median(baseRuns, Comparator.comparing(Load.Result::cpuPerThousand))
                    .cpuPerThousand();
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %,.0f | %.2f | %s | %s | %.1f | %.1f |%n",
                    scenario,
                    server,
                    rate,
                    rate / baseRate,
                    known("%.3f", cpu),
                    known("%.2f", cpu / baseCpu),
                    median(runs, Comparator.comparing(Load.Result::p50Micros)).p50Micros() / 1000.0,
                    median(runs, Comparator.comparing(Load.Result::p99Micros)).p99Micros() / 1000.0));
        }));
        return table.toString();
    }

    private static String known(String format, double figure) {
        return Double.isFinite(figure) ? String.format(Locale.ROOT, format, figure) : "";
    }

    private static Load.Result median(List<Load.Result> runs, Comparator<Load.Result> order) {
        return runs.stream().sorted(order).toList().get(runs.size() / 2);
    }

    private static String json(Map<String, Map<String, List<Load.Result>>> results) {
        List<String> rows = new ArrayList<>();
        results.forEach(
                (scenario, byServer) -> byServer.forEach((server, runs) -> runs.forEach(run -> rows.add(String.format(
                        Locale.ROOT,
                        "  {\"scenario\": \"%s\", \"server\": \"%s\", \"operations\": %d, \"seconds\": %.4f,"
                                + " \"cpuSeconds\": %s, \"p50Micros\": %d, \"p99Micros\": %d}",
                        scenario,
                        server,
                        run.operations(),
                        run.seconds(),
                        Double.isFinite(run.cpuSeconds())
                                ? String.format(Locale.ROOT, "%.2f", run.cpuSeconds())
                                : "null",
                        run.p50Micros(),
                        run.p99Micros())))));
        return "[\n" + String.join(",\n", rows) + "\n]\n";
    }
}
