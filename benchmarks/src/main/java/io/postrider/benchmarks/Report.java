package io.postrider.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Medians as Markdown tables; as a program, puts them and the chart into the README from the raw figures. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Writes the README's tables and the chart beside the raw figures anew.")
final class Report implements Callable<Integer> {
    private static final double MILLIS = 1e-3;
    private static final double MEGA = 1e6;
    private static final String BEGIN = "<!-- written by benchmarks/report: begin -->\n";
    private static final String END = "<!-- written by benchmarks/report: end -->\n";

    @Parameters(defaultValue = "benchmarks/results/latest.json", description = "Default: ${DEFAULT-VALUE}.")
    private Path json;

    @Option(names = "--readme", defaultValue = "benchmarks/README.md", description = "Default: ${DEFAULT-VALUE}.")
    private Path readme;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Report()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Measurements measurements = Measurements.read(json);
        Path chart = json.resolveSibling(json.getFileName().toString().replaceFirst("\\.json$", "") + ".svg");
        Files.writeString(chart, Chart.of(measurements));
        String text = Files.readString(readme);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(readme + " does not say where the report goes");
        }
        String beside = readme.toAbsolutePath()
                .getParent()
                .relativize(chart.toAbsolutePath())
                .toString();
        Files.writeString(
                readme,
                text.substring(0, begin + BEGIN.length())
                        + "\n" + measurements.about() + "\n\n![Ratios of speed and of CPU time](" + beside + ")\n\n"
                        + tables(measurements) + "\n" + text.substring(end));
        return 0;
    }

    static String tables(Measurements measurements) {
        List<String> tables = new ArrayList<>();
        tables.add(speed(measurements));
        tables.add(more(measurements));
        String figures = figures(measurements);
        if (!figures.isEmpty()) {
            tables.add(figures);
        }
        return String.join("\n", tables);
    }

    private static String speed(Measurements measurements) {
        List<String> servers = measurements.servers();
        boolean compared = servers.size() > 1;
        List<String> head = new ArrayList<>(List.of("scenario"));
        servers.forEach(server -> head.add(server + " /s"));
        if (compared) {
            head.addAll(List.of("×", "goal"));
        }
        servers.forEach(
                server -> head.add((head.get(head.size() - 1).contains("CPU") ? "" : "CPU s per 1000: ") + server));
        if (compared) {
            head.addAll(List.of("× CPU", "goal"));
        }
        List<List<String>> rows = new ArrayList<>();
        for (String scenario : measurements.scenarios()) {
            List<String> row = new ArrayList<>(List.of(scenario));
            row.addAll(each(measurements, scenario, Result::perSecond, Report::amount));
            if (compared) {
                row.add(known("**%.2f**", measurements.ratio(scenario)));
                row.add(known("%.1f", Goals.ratio(scenario)));
            }
            row.addAll(each(measurements, scenario, Result::cpuPerThousand, cpu -> known("%.3f", cpu)));
            if (compared) {
                row.add(known("%.2f", measurements.cpuRatio(scenario)));
                row.add(known("%.1f", Goals.cpuRatio(scenario)));
            }
            rows.add(row);
        }
        return table(head, rows);
    }

    private static String more(Measurements measurements) {
        List<String> head = new ArrayList<>(List.of("scenario"));
        for (String what : List.of("p50 ms", "p99 ms", "memory MB")) {
            for (String server : measurements.servers()) {
                head.add(what + ": " + server);
            }
        }
        List<List<String>> rows = new ArrayList<>();
        for (String scenario : measurements.scenarios()) {
            List<String> row = new ArrayList<>(List.of(scenario));
            row.addAll(each(measurements, scenario, r -> r.p50Micros() * MILLIS, Report::amount));
            row.addAll(each(measurements, scenario, r -> r.p99Micros() * MILLIS, Report::amount));
            row.addAll(each(measurements, scenario, r -> r.memory() / MEGA, octets -> known("%,.0f", octets)));
            rows.add(row);
        }
        return table(head, rows);
    }

    /** What some scenarios tell beside. */
    private static String figures(Measurements measurements) {
        List<String> head = new ArrayList<>(List.of("scenario", "figure"));
        head.addAll(measurements.servers());
        List<List<String>> rows = new ArrayList<>();
        for (String scenario : measurements.scenarios()) {
            for (String figure : measurements.figures(scenario)) {
                List<String> row = new ArrayList<>(List.of(scenario, figure));
                row.addAll(each(
                        measurements,
                        scenario,
                        result -> result.figures().getOrDefault(figure, Double.NaN),
                        Report::amount));
                rows.add(row);
            }
        }
        return rows.isEmpty() ? "" : table(head, rows);
    }

    private static List<String> each(
            Measurements measurements,
            String scenario,
            ToDoubleFunction<Result> figure,
            Function<Double, String> said) {
        return measurements.servers().stream()
                .map(server -> said.apply(measurements.median(scenario, server, figure)))
                .toList();
    }

    private static String table(List<String> head, List<List<String>> rows) {
        StringBuilder table = new StringBuilder("| " + String.join(" | ", head) + " |\n|---|");
        table.append("--:|".repeat(head.size() - 1)).append('\n');
        rows.forEach(row -> table.append("| ").append(String.join(" | ", row)).append(" |\n"));
        return table.toString();
    }

    /** Three digits are enough of anything. */
    private static String amount(double figure) {
        return known(Math.abs(figure) < 10 ? "%.2f" : Math.abs(figure) < 100 ? "%.1f" : "%,.0f", figure);
    }

    private static String known(String format, double figure) {
        return Double.isFinite(figure) ? String.format(Locale.ROOT, format, figure) : "";
    }
}
