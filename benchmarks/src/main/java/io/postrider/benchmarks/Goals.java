package io.postrider.benchmarks;

import java.util.HashMap;
import java.util.Map;

/** How many times faster than the best of the others each kind of work is to be. */
final class Goals {
    private static final Map<String, Double> RATIOS = new HashMap<>();

    static {
        RATIOS.put("lmtp-16", 5.0);
        RATIOS.put("lmtp-64", 5.0);
        RATIOS.put("append-16", 2.0);
        RATIOS.put("append-64", 2.0);
        RATIOS.put("multiappend", 1.0);
        RATIOS.put("login", 2.0);
        RATIOS.put("login-tls", 2.0);
        RATIOS.put("select", 1.0);
        RATIOS.put("status", 1.0);
        RATIOS.put("qresync", 1.0);
        RATIOS.put("flags", 1.0);
        RATIOS.put("headers", 1.0);
        RATIOS.put("structure", 1.0);
        RATIOS.put("headers-cold", 1.0);
        RATIOS.put("structure-cold", 1.0);
        RATIOS.put("bodies", 1.0);
        RATIOS.put("search-body", 50.0);
        RATIOS.put("search-subject", 50.0);
        RATIOS.put("search-from", 50.0);
    }

    /** In commands for a second of CPU time, not in commands a second. */
    private static final Map<String, Double> CPU_RATIOS = Map.of("mixed", 0.5);

    private Goals() {}

    /** NaN where none is set. A scenario with the size of its mailbox in front has the goal of the one without. */
    static double ratio(String scenario) {
        return of(RATIOS, scenario);
    }

    /** The share of the others' CPU time that it is to take at most; NaN where none is set. */
    static double cpuRatio(String scenario) {
        return of(CPU_RATIOS, scenario);
    }

    private static double of(Map<String, Double> goals, String scenario) {
        return goals.getOrDefault(scenario.replaceFirst("^\\d+[km]?-", ""), Double.NaN);
    }
}
