package io.postrider.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** CPU time and memory of process trees, from /proc. Linux only. */
final class ProcessTree {
    /** USER_HZ, 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private final List<Long> roots;

    ProcessTree(List<Long> roots) {
        this.roots = roots;
    }

    /**
     * Seconds used so far by the processes, all they started, and all that ended under them: a parent that has waited for
     * its child carries the child's time. NaN when there are no processes to look at.
     */
    double cpuSeconds() {
        if (roots.isEmpty()) {
            return Double.NaN;
        }
        long ticks = 0;
        for (String[] fields : living().values()) {
            // utime, stime, cutime, cstime: fields 14 to 17 of proc(5), here counted from the state
            ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** Octets of memory: of what several processes share each has its share. NaN when there are none to look at. */
    double octets() {
        return sum("smaps_rollup", "Pss:");
    }

    /** Forgets how much memory each process once had, which {@link #peakOctets} tells. */
    void resetPeak() {
        for (long pid : living().keySet()) {
            try {
                Files.writeString(Path.of("/proc", String.valueOf(pid), "clear_refs"), "5");
            } catch (IOException e) {
                // It has ended, or is not ours.
                continue;
            }
        }
    }

    /** The sum of the most that each process had resident since {@link #resetPeak}; what is shared counts for each. */
    double peakOctets() {
        return sum("status", "VmHWM:");
    }

    /** What each has resident now, to compare {@link #peakOctets} with. */
    double residentOctets() {
        return sum("status", "VmRSS:");
    }

    private double sum(String file, String field) {
        if (roots.isEmpty()) {
            return Double.NaN;
        }
        long kilobytes = 0;
        for (long pid : living().keySet()) {
            try {
                for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), file))) {
                    if (line.startsWith(field)) {
                        kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
                    }
                }
            } catch (IOException e) {
                // It ended while we looked.
                continue;
            }
        }
        return kilobytes * 1024.0;
    }

    /** The processes of the trees, each with the fields behind its command's name. */
    private Map<Long, String[]> living() {
        Map<Long, String[]> all = all();
        Map<Long, List<Long>> children = new HashMap<>();
        all.forEach((pid, fields) -> children.computeIfAbsent(Long.valueOf(fields[1]), p -> new ArrayList<>())
                .add(pid));
        Map<Long, String[]> living = new HashMap<>();
        Deque<Long> left = new ArrayDeque<>(roots);
        while (!left.isEmpty()) {
            long pid = left.pop();
            if (all.containsKey(pid) && living.put(pid, all.get(pid)) == null) {
                children.getOrDefault(pid, List.of()).forEach(left::push);
            }
        }
        return living;
    }

    private static Map<Long, String[]> all() {
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
            throw new UncheckedIOException(e);
        }
        return stats;
    }
}
