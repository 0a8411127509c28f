package io.postrider.benchmarks;

import io.postrider.benchmarks.Measurements.Measurement;
import io.postrider.benchmarks.Scenario.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs scenarios against servers side by side: every round takes each server in turn, and every second round in the other order,
 * so that a machine that slows down slows all of them, and the medians' ratios hold.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Loads mail servers and compares them in one run: the first one with the best of the others.")
public final class Bench implements Callable<Integer> {
    @Option(
            names = "--server",
            split = ",",
            description = "To be started and stopped: postrider, dovecot-tuned, dovecot-stock.")
    private List<String> started = List.of();

    @Option(names = "--port-offset", defaultValue = "7000", description = "Of those. Default: ${DEFAULT-VALUE}.")
    private int portOffset;

    @Option(
            names = "--target",
            description =
                    "One that runs: NAME=HOST:IMAP:POP3:LMTP[:PID,PID...[:IMAPS]]; 0 for a port that it does not have.")
    private List<String> targets = List.of();

    @Option(names = "--scenarios", split = ",", description = "Only these; default: all. *-cold is all that end so.")
    private List<String> wanted = List.of("*");

    @Option(names = "--list", description = "Names the scenarios.")
    private boolean list;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "2",
            description = "What a scenario takes of each server in each round. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--operations", description = "A scenario ends sooner when it has done so many.")
    private long operations = Long.MAX_VALUE;

    @Option(
            names = "--warm-up",
            defaultValue = "2",
            description =
                    "Seconds of each scenario that are not counted, a quarter of them for what is no JVM; and before the"
                            + " first, five times as long of deliveries and of mail readers. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(names = "--mailbox", defaultValue = "10000", description = "Messages in the mailbox that is read.")
    private int mailbox;

    @Option(
            names = "--big",
            split = ",",
            defaultValue = "100000",
            description = "Messages in the very large mailboxes.")
    private List<Integer> sizes;

    @Option(names = "--storm", defaultValue = "2000", description = "Sessions that come at once. ${DEFAULT-VALUE}.")
    private int storm;

    @Option(names = "--idle", defaultValue = "1000", description = "Connections in IDLE. Default: ${DEFAULT-VALUE}.")
    private int idle;

    @Option(names = "--large", defaultValue = "50000000", description = "Octets of the large message.")
    private int large;

    @Option(names = "--quick", description = "All sizes as small as can be, to see that everything works.")
    private boolean quick;

    @Option(
            names = "--accounts",
            defaultValue = "64",
            description = "Of a --target bench1 to benchN, reader and collector must exist. Default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(names = "--domain", defaultValue = "example.com")
    private String domain;

    @Option(
            names = "--other-domain",
            defaultValue = "example.net",
            description = "Of another tenant, with the accounts quiet1 to quiet4. Default: ${DEFAULT-VALUE}.")
    private String otherDomain;

    @Option(names = "--password", defaultValue = "bench", description = "The accounts' password.")
    private String password;

    @Option(names = "--json", description = "Writes every single figure here.")
    private Path json;

    private final List<Server> servers = new ArrayList<>();
    private int failures;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (quick) {
            beQuick();
        }
        Settings settings = new Settings(accounts, domain, otherDomain, password, mailbox, storm, idle, large);
        Map<String, Scenario> all = Scenarios.all(settings, sizes);
        List<String> chosen = choose(all.keySet());
        if (list || chosen == null) {
            (list ? System.out : System.err).println("There are " + String.join(", ", all.keySet()));
            return list ? 0 : 2;
        }
        Measurements measurements = new Measurements(about());
        Path work = Files.createTempDirectory("postrider-bench.");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteOnceStopped(work)));
        try {
            start(work, settings);
            warmUp(all);
            for (String name : chosen) {
                measure(name, all.get(name), measurements);
            }
        } finally {
            for (Server server : servers) {
                server.close();
            }
        }
        System.out.println();
        System.out.print(Report.tables(measurements));
        if (json != null) {
            measurements.write(json);
        }
        return failures == 0 ? 0 : 1;
    }

    private void beQuick() {
        rounds = 1;
        seconds = 0.2;
        warmUp = 0.1;
        mailbox = 300;
        sizes = List.of(2000);
        storm = 100;
        idle = 100;
        large = 5_000_000;
    }

    /** Null when there is none of a name. */
    private List<String> choose(Iterable<String> names) {
        List<String> chosen = new ArrayList<>();
        for (String name : names) {
            if (wanted.stream().anyMatch(pattern -> matches(pattern, name))) {
                chosen.add(name);
            }
        }
        for (String pattern : wanted) {
            if (chosen.stream().noneMatch(name -> matches(pattern, name))) {
                System.err.println("no scenario " + pattern);
                return null;
            }
        }
        return chosen;
    }

    private static boolean matches(String pattern, String name) {
        return name.matches(pattern.replace("*", ".*"));
    }

    private String about() {
        return String.format(
                Locale.ROOT,
                "%s, %d cores for clients, servers and database together, Java %s, %s: medians of %d rounds of %.1f s each.",
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature(),
                System.getProperty("os.name"),
                rounds,
                seconds);
    }

    private void start(Path work, Settings settings) throws IOException {
        // Dovecot's processes are not root's.
        Files.setPosixFilePermissions(work, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : started) {
            if (name.equals("postrider")) {
                servers.add(new PostriderServer(work, portOffset, Scenarios.logins(settings), password));
            } else if (name.startsWith("dovecot-")) {
                servers.add(new DovecotServer(work, name.substring("dovecot-".length()), portOffset, password));
            } else {
                throw new IllegalArgumentException("no server " + name + " that could be started");
            }
        }
        targets.forEach(target -> servers.add(new Server.Others(Target.parse(target))));
    }

    /** What runs first is not to be the one that finds everything cold. */
    private void warmUp(Map<String, Scenario> all) throws Exception {
        for (Server server : servers) {
            for (String name : List.of("lmtp-16", "mixed")) {
                Scenario scenario = all.get(name);
                if (scenario.fits(server)) {
                    scenario.prepare(server);
                    scenario.warmUp(server, 5 * warmUp(server));
                }
            }
        }
    }

    private double warmUp(Server server) {
        return server.target().name().startsWith("dovecot") ? warmUp / 4 : warmUp;
    }

    private void measure(String name, Scenario scenario, Measurements measurements) throws Exception {
        List<Server> taking =
                new ArrayList<>(servers.stream().filter(scenario::fits).toList());
        for (Server server : List.copyOf(taking)) {
            attempt(name, server, taking, () -> {
                scenario.prepare(server);
                scenario.warmUp(server, warmUp(server));
                return null;
            });
        }
        for (int round = 1; round <= scenario.rounds(rounds); round++) {
            for (Server server : List.copyOf(taking)) {
                Result result =
                        attempt(name, server, taking, () -> scenario.run(server, new Load.Bounds(seconds, operations)));
                if (result == null) {
                    continue;
                }
                measurements.add(new Measurement(name, server.target().name(), round, result));
                System.err.printf(
                        Locale.ROOT,
                        "%-18s %d/%d %-14s %,11.1f/s%n",
                        name,
                        round,
                        scenario.rounds(rounds),
                        server.target().name(),
                        result.perSecond());
            }
            Collections.reverse(taking);
        }
    }

    /** What goes wrong says where, and takes the server out of this scenario only: the others are not to be in vain. */
    private <T> T attempt(String scenario, Server server, List<Server> taking, Callable<T> run) throws Exception {
        try {
            return run.call();
        } catch (IOException e) {
            failures++;
            taking.remove(server);
            server.lastWords().forEach(System.err::println);
            System.err.println(scenario + " against " + server.target().name() + " failed");
            e.printStackTrace();
            return null;
        }
    }

    private void deleteOnceStopped(Path work) {
        try {
            for (Server server : servers) {
                server.close();
            }
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            System.err.println(work + " is left: " + e.getMessage());
        }
    }
}
