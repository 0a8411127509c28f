package io.postrider.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * All clients of a node that died come back at once, by TLS, to the others. Twice: at first no node knows any password, so each
 * account's is worked out; then, within the minute for which verified logins are remembered, it is not.
 */
@Command(name = "login-storm", mixinStandardHelpOptions = true)
final class LoginStorm implements Callable<Integer> {
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

    @Override
    public Integer call() throws Exception {
        System.out.println("| storm | sessions | seconds | sessions/s | p50 s | p99 s | told to come back | failed |"
                + " CPU s of the servers |");
        System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        return storm("passwords not known") + storm("passwords verified before") == 0 ? 0 : 1;
    }

    private int storm(String name) throws Exception {
        ProcessTree processes = new ProcessTree(pids);
        double cpu = processes.cpuSeconds();
        Crowd.Manner manner =
                new Crowd.Manner(true, false, atOnce, password, i -> "storm" + i % accounts + "@example.com");
        try (Crowd crowd = new Crowd(targets.stream().map(Target::at).toList(), sessions, manner).gather()) {
            long[] sorted = crowd.micros();
            Arrays.sort(sorted);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %.1f | %,.0f | %.2f | %.2f | %,d | %,d | %.1f |%n",
                    name,
                    sessions,
                    crowd.seconds(),
                    sessions / crowd.seconds(),
                    sorted[sessions / 2] / 1e6,
                    sorted[(int) (sessions * 0.99)] / 1e6,
                    crowd.retried(),
                    crowd.failed(),
                    processes.cpuSeconds() - cpu);
            return crowd.failed();
        }
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LoginStorm()).execute(arguments));
    }
}
