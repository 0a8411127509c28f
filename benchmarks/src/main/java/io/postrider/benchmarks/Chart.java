package io.postrider.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The first server's ratios to the best of the others, as bars about a line in the middle that stands for equal: to the right it is
 * better. Each doubling is as far as the one before.
 */
final class Chart {
    private static final int NAMES = 170;
    private static final int DOUBLING = 46;
    private static final int DOUBLINGS = 6;
    private static final int MIDDLE = NAMES + DOUBLING * DOUBLINGS;
    private static final int WIDTH = MIDDLE + DOUBLING * DOUBLINGS + 20;
    private static final int TOP = 62;
    private static final int ROW = 24;
    private static final String BETTER = "#2f7d4f";
    private static final String WORSE = "#b5482f";
    private static final String CPU = "#8a8f98";

    private final StringBuilder svg = new StringBuilder();

    private Chart() {}

    static String of(Measurements measurements) {
        return new Chart().draw(measurements);
    }

    private String draw(Measurements measurements) {
        List<String> servers = measurements.servers();
        List<String> scenarios = new ArrayList<>(measurements.scenarios());
        scenarios.removeIf(scenario -> !Double.isFinite(measurements.ratio(scenario)));
        int bottom = TOP + scenarios.size() * ROW + 8;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
                WIDTH,
                bottom + 12));
        text(
                10,
                18,
                "start",
                "#000000",
                servers.isEmpty()
                        ? ""
                        : servers.get(0) + " by the best of " + String.join(", ", servers.subList(1, servers.size())));
        text(10, 36, "start", CPU, "colour: operations a second; grey: operations for a second of CPU time");
        for (int doubling = -DOUBLINGS; doubling <= DOUBLINGS; doubling++) {
            grid(doubling, bottom);
        }
        for (int i = 0; i < scenarios.size(); i++) {
            row(measurements, scenarios.get(i), TOP + i * ROW);
        }
        return svg.append("</svg>\n").toString();
    }

    private void grid(int doubling, int bottom) {
        int x = MIDDLE + doubling * DOUBLING;
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\"/>%n",
                x,
                TOP - 4,
                x,
                bottom,
                doubling == 0 ? "#000000" : "#dddddd"));
        text(x, TOP - 8, "middle", "#000000", doubling < 0 ? "1/" + (1 << -doubling) : String.valueOf(1 << doubling));
    }

    private void row(Measurements measurements, String scenario, int top) {
        text(NAMES - 8, top + 14, "end", "#000000", scenario);
        double ratio = measurements.ratio(scenario);
        bar(top + 3, 10, ratio, ratio >= 1 ? BETTER : WORSE);
        double cpu = 1 / measurements.cpuRatio(scenario);
        if (Double.isFinite(cpu) && cpu > 0) {
            bar(top + 14, 5, cpu, CPU);
        }
    }

    /** What goes beyond the chart ends at its edge. */
    private void bar(int y, int height, double ratio, String colour) {
        double doublings = Math.max(-DOUBLINGS, Math.min(DOUBLINGS, Math.log(ratio) / Math.log(2)));
        double length = Math.max(1, Math.abs(doublings) * DOUBLING);
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                doublings < 0 ? MIDDLE - length : MIDDLE,
                y,
                length,
                height,
                colour));
    }

    private void text(int x, int y, String anchor, String colour, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                colour,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
