package io.postrider.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** CPU time of process trees from /proc, what ended children used included. Linux only. */
final class CpuTime {
    /** USER_HZ, 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private CpuTime() {}

    /** Seconds used so far by the processes, all they started, and all that ended under them. */
    static double seconds(List<Long> roots) {
        if (roots.isEmpty()) {
            return Double.NaN;
        }
        Map<Long, String[]> stats = stats();
        Map<Long, List<Long>> children = new HashMap<>();
        stats.forEach((pid, fields) -> children.computeIfAbsent(Long.valueOf(fields[1]), p -> new ArrayList<>())
                .add(pid));
        Deque<Long> left = new ArrayDeque<>(roots);
        long ticks = 0;
        while (!left.isEmpty()) {
            long pid = left.pop();
            String[] fields = stats.get(pid);
            if (fields != null) {
                // utime, stime, cutime, cstime: fields 14 to 17 of proc(5), here counted from the state
                ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
            }
            children.getOrDefault(pid, List.of()).forEach(left::push);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** The fields behind the command's name, by process. */
    private static Map<Long, String[]> stats() {
        Map<Long, String[]> stats = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String stat = Files.readString(process.resolve("stat"));
                    stats.put(
                            Long.valueOf(process.getFileName().toString()),
                            stat.substring(stat.lastIndexOf(')') + 2).split(" "));
                } catch (IOException e) {
                    // It ended while we looked.
                    continue;
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return stats;
    }
}
