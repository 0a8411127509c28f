package io.postrider.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.benchmarks.Measurements.Measurement;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static Measurements some() {
        Measurements measurements = new Measurements("On a \"quick\" machine.");
        add(measurements, "ours", 1, result(100, 1, 1));
        add(measurements, "quick", 1, result(100, 2, 2));
        add(measurements, "frugal", 1, result(100, 4, 0.5));
        add(measurements, "frugal", 2, result(100, 5, 0.5));
        add(measurements, "quick", 2, result(100, 2, 2));
        add(measurements, "ours", 2, result(100, 1, 3));
        add(measurements, "ours", 3, result(100, 9, 1).with("MB/s", 7.25));
        return measurements;
    }

    private static void add(Measurements measurements, String server, int round, Result result) {
        measurements.add(new Measurement("lmtp-16", server, round, result));
    }

    private static Result result(long operations, double seconds, double cpu) {
        return new Result(operations, seconds, cpu, 1000, 2000, 3e6, Map.of());
    }

    @Test
    void comparesMediansWithTheBestOfTheOthers() {
        String tables = Report.tables(some());
        assertTrue(
                tables.contains("| lmtp-16 | 100 | 50.0 | 22.5 | **2.00** | 5.0 | 10.000 | 20.000 | 5.000 | 2.00 |  |"),
                tables);
        assertTrue(tables.contains("| lmtp-16 | 1.00 | 1.00 | 1.00 | 2.00 | 2.00 | 2.00 | 3 | 3 | 3 |"), tables);
        assertTrue(tables.contains("| lmtp-16 | MB/s | 7.25 |  |  |"), tables);
    }

    @Test
    void aServerAloneIsComparedWithNone() {
        Measurements alone = new Measurements("Alone.");
        add(alone, "ours", 1, new Result(100, 1, Double.NaN, 1000, 2000, Double.NaN, Map.of()));
        String tables = Report.tables(alone);
        assertTrue(tables.contains("| lmtp-16 | 100 |  |\n"), tables);
    }

    @Test
    void rawFiguresTellTheSameAgain(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("raw.json");
        some().write(file);
        Measurements again = Measurements.read(file);
        assertEquals(Report.tables(some()), Report.tables(again));
        assertEquals("On a \"quick\" machine.", again.about());
    }

    @Test
    void theChartShowsRatiosAboutTheMiddle() {
        String chart = Chart.of(some());
        assertTrue(chart.contains("<rect x=\"446.0\" y=\"65\" width=\"46.0\" height=\"10\" fill=\"#2f7d4f\"/>"), chart);
        assertTrue(chart.contains("<rect x=\"400.0\" y=\"76\" width=\"46.0\" height=\"5\" fill=\"#8a8f98\"/>"), chart);
        assertTrue(chart.endsWith("</svg>\n"));
    }

    @Test
    void aMailboxOfAnySizeHasTheGoalOfItsKind() {
        assertEquals(1.0, Goals.ratio("100k-select"));
        assertEquals(5.0, Goals.ratio("lmtp-64"));
        assertTrue(Double.isNaN(Goals.ratio("lmtp-1")));
    }
}
