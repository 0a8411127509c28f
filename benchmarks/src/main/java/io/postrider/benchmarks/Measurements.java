package io.postrider.benchmarks;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Every single figure of a run, and what they say together. */
final class Measurements {
    /** One server's result in one round. */
    record Measurement(String scenario, String server, int round, Result result) {}

    private final String about;
    private final List<Measurement> all = new ArrayList<>();

    /** @param about when, on what, and with which options */
    Measurements(String about) {
        this.about = about;
    }

    void add(Measurement measurement) {
        all.add(measurement);
    }

    String about() {
        return about;
    }

    /** In the order in which they were measured first. */
    List<String> scenarios() {
        Set<String> names = new LinkedHashSet<>();
        all.forEach(measurement -> names.add(measurement.scenario()));
        return List.copyOf(names);
    }

    /** The first one is compared with the others. */
    List<String> servers() {
        Set<String> names = new LinkedHashSet<>();
        all.stream().sorted(Comparator.comparingInt(Measurement::round)).forEach(m -> names.add(m.server()));
        return List.copyOf(names);
    }

    /** What only this scenario tells. */
    List<String> figures(String scenario) {
        Set<String> names = new LinkedHashSet<>();
        all.stream()
                .filter(measurement -> measurement.scenario().equals(scenario))
                .forEach(measurement ->
                        names.addAll(measurement.result().figures().keySet()));
        return List.copyOf(names);
    }

    /** Of the rounds that have the figure; NaN when there is none. */
    double median(String scenario, String server, ToDoubleFunction<Result> figure) {
        double[] sorted = all.stream()
                .filter(m -> m.scenario().equals(scenario) && m.server().equals(server))
                .mapToDouble(measurement -> figure.applyAsDouble(measurement.result()))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return DoubleStream.of(sorted[(sorted.length - 1) / 2], sorted[sorted.length / 2])
                .average()
                .orElseThrow();
    }

    /** The first server's speed by that of the fastest of the others; NaN when there is none. */
    double ratio(String scenario) {
        double best = others(scenario, Result::perSecond).max().orElse(Double.NaN);
        return median(scenario, servers().get(0), Result::perSecond) / best;
    }

    /** The first server's CPU time for an operation by that of the most frugal of the others; NaN when there is none. */
    double cpuRatio(String scenario) {
        double best = others(scenario, Result::cpuPerThousand).min().orElse(Double.NaN);
        return median(scenario, servers().get(0), Result::cpuPerThousand) / best;
    }

    private DoubleStream others(String scenario, ToDoubleFunction<Result> figure) {
        return servers().stream()
                .skip(1)
                .mapToDouble(server -> median(scenario, server, figure))
                .filter(Double::isFinite);
    }

    /** A line for each measurement, so that two runs can be compared by any tool. */
    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder("{\"about\": "
                + new JsonArray().add(about).encode().replaceAll("^.|.$", "") + ",\n \"measurements\": [\n");
        for (int i = 0; i < all.size(); i++) {
            text.append("  ").append(json(all.get(i)).encode()).append(i < all.size() - 1 ? ",\n" : "\n");
        }
        Files.writeString(file, text.append("]}\n"));
    }

    static Measurements read(Path file) throws IOException {
        JsonObject json = new JsonObject(Files.readString(file));
        Measurements measurements = new Measurements(json.getString("about"));
        for (Object each : json.getJsonArray("measurements")) {
            measurements.add(measurement((JsonObject) each));
        }
        return measurements;
    }

    private static JsonObject json(Measurement measurement) {
        Result result = measurement.result();
        JsonObject json = new JsonObject()
                .put("scenario", measurement.scenario())
                .put("server", measurement.server())
                .put("round", measurement.round())
                .put("operations", result.operations())
                .put("seconds", known(result.seconds()))
                .put("cpuSeconds", known(result.cpuSeconds()))
                .put("p50Micros", result.p50Micros())
                .put("p99Micros", result.p99Micros())
                .put("memory", known(result.memory()));
        JsonObject figures = new JsonObject();
        result.figures().forEach((name, value) -> figures.put(name, known(value)));
        return figures.isEmpty() ? json : json.put("figures", figures);
    }

    private static Measurement measurement(JsonObject json) {
        Map<String, Double> figures = new LinkedHashMap<>();
        JsonObject told = json.getJsonObject("figures", new JsonObject());
        told.fieldNames().forEach(name -> figures.put(name, number(told, name)));
        return new Measurement(
                json.getString("scenario"),
                json.getString("server"),
                json.getInteger("round"),
                new Result(
                        json.getLong("operations"),
                        json.getDouble("seconds"),
                        number(json, "cpuSeconds"),
                        json.getLong("p50Micros"),
                        json.getLong("p99Micros"),
                        number(json, "memory"),
                        figures));
    }

    private static double number(JsonObject json, String name) {
        Double value = json.getDouble(name);
        return value == null ? Double.NaN : value;
    }

    /** What is not known is null. */
    private static Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
