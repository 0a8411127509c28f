package io.postrider.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NotifyLoadTest {
    /** On an idle machine news take some 6 ms; the bound is for machines that are not. */
    @Test
    void newsFromANodeAreHeardOnAnotherWithinAHundredMilliseconds() throws Exception {
        NotifyLoad load = new NotifyLoad();
        new CommandLine(load).parseArgs("--seconds", "3");
        NotifyLoad.Result result = load.measure(2, 100);
        assertTrue(result.heard() > 50, result.row());
        assertTrue(result.p99() < 100, result.row());
    }
}
