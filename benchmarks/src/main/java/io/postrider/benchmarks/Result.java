package io.postrider.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one server did in one round.
 *
 * @param cpuSeconds of the server's processes; NaN when they are not known
 * @param p50Micros half of the operations took no longer
 * @param p99Micros 99 of 100 took no longer
 * @param memory octets of the server's processes at the end; NaN when they are not known
 * @param figures what only this scenario tells, by name and unit
 */
record Result(
        long operations,
        double seconds,
        double cpuSeconds,
        long p50Micros,
        long p99Micros,
        double memory,
        Map<String, Double> figures) {

    static Result of(long[] micros, double seconds, double cpuSeconds, double memory) {
        Arrays.sort(micros);
        return new Result(
                micros.length,
                seconds,
                // The kernel counts hundredths.
                Double.isFinite(cpuSeconds) ? Math.round(cpuSeconds * 100) / 100.0 : cpuSeconds,
                micros[micros.length / 2],
                micros[(int) (micros.length * 99L / 100)],
                memory,
                Map.of());
    }

    /** An operation was a command that handled so many messages, and these are what is counted. */
    Result times(long messages) {
        return new Result(operations * messages, seconds, cpuSeconds, p50Micros, p99Micros, memory, figures);
    }

    Result with(String figure, double value) {
        Map<String, Double> more = new LinkedHashMap<>(figures);
        more.put(figure, value);
        return new Result(operations, seconds, cpuSeconds, p50Micros, p99Micros, memory, more);
    }

    /** Of what the processes did, other work was a part. */
    Result withoutCpu() {
        return new Result(operations, seconds, Double.NaN, p50Micros, p99Micros, memory, figures);
    }

    double perSecond() {
        return operations / seconds;
    }

    double cpuPerThousand() {
        return cpuSeconds / operations * 1000;
    }
}
