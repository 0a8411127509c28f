package io.postrider.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchTest {
    @Test
    void readsATargetWithAndWithoutProcesses() {
        assertEquals(
                new Target("here", "127.0.0.1", 1143, 1110, 1024, List.of(7L, 8L)),
                Target.parse("here=127.0.0.1:1143:1110:1024:7,8"));
        assertEquals(List.of(), Target.parse("here=127.0.0.1:1143:1110:1024").pids());
        assertThrows(IllegalArgumentException.class, () -> Target.parse("127.0.0.1:1143"));
    }

    @Test
    void doublesLeadingDots() {
        byte[] stuffed = LmtpClient.stuff(".a\r\n..\r\nb.\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("..a\r\n...\r\nb.\r\n", new String(stuffed, StandardCharsets.US_ASCII));
    }

    @Test
    void countsTheCpuTimeOfAProcessTree() {
        List<Long> self = List.of(ProcessHandle.current().pid());
        double before = CpuTime.seconds(self);
        long until = System.nanoTime() + 300_000_000;
        long spun = 0;
        while (System.nanoTime() < until) {
            spun++;
        }
        assertTrue(CpuTime.seconds(self) > before, spun + " turns took no time");
        assertTrue(Double.isNaN(CpuTime.seconds(List.of())));
    }

    @Test
    void comparesMediansWithTheLastServer() {
        Target quick = Target.parse("quick=h:1:2:3:1");
        Target slow = Target.parse("slow=h:1:2:3:2");
        Map<String, List<Load.Result>> byServer = new LinkedHashMap<>();
        byServer.put(
                "quick",
                List.of(
                        new Load.Result(100, 1, 1, 1000, 2000),
                        new Load.Result(100, 0.5, 1, 1000, 2000),
                        new Load.Result(100, 9, 1, 1000, 2000)));
        byServer.put("slow", List.of(new Load.Result(100, 2, 2, 1000, 2000)));

        String table = Bench.table(Map.of("x", byServer), List.of(quick, slow));

        assertTrue(table.contains("| x | quick | 100 | 2.00 | 10.000 | 0.50 | 1.0 | 2.0 |"), table);
        assertTrue(table.contains("| x | slow | 50 | 1.00 | 20.000 | 1.00 | 1.0 | 2.0 |"), table);
    }
}
