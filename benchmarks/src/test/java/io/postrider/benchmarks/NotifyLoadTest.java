package io.postrider.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NotifyLoadTest {
    /** On an idle machine news take some 6 ms. It is over before the first sweep: what is heard came by NOTIFY. */
    @Test
    void newsFromANodeAreHeardOnAnother() throws Exception {
        NotifyLoad load = new NotifyLoad();
        new CommandLine(load).parseArgs("--seconds", "3");
        NotifyLoad.Result result = load.measure(2, 100);
        assertTrue(result.heard() > 50, result.row());
        assertTrue(result.p99() > 0 && result.p99() < 10_000, result.row());
    }
}
