package io.postrider.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchTest {
    @Test
    void readsATargetWithAndWithoutProcesses() {
        assertEquals(
                new Target("here", "127.0.0.1", 1143, 1993, 1110, 1024, List.of(7L, 8L)),
                Target.parse("here=127.0.0.1:1143:1110:1024:7,8:1993"));
        assertEquals(List.of(), Target.parse("here=127.0.0.1:1143:1110:1024").pids());
        assertEquals(1993, Target.parse("here=127.0.0.1:1143:1110:1024::1993").imaps());
        assertThrows(IllegalArgumentException.class, () -> Target.parse("127.0.0.1:1143"));
    }

    @Test
    void doublesLeadingDots() {
        byte[] stuffed = LmtpClient.stuff(".a\r\n..\r\nb.\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("..a\r\n...\r\nb.\r\n", new String(stuffed, StandardCharsets.US_ASCII));
    }

    @Test
    void countsTheCpuTimeAndMemoryOfAProcessTree() {
        ProcessTree self = new ProcessTree(List.of(ProcessHandle.current().pid()));
        double before = self.cpuSeconds();
        long until = System.nanoTime() + 300_000_000;
        long spun = 0;
        while (System.nanoTime() < until) {
            spun++;
        }
        assertTrue(self.cpuSeconds() > before, spun + " turns took no time");
        assertTrue(self.octets() > 1 << 20);
        assertTrue(self.peakOctets() > 1 << 20);
        assertTrue(self.residentOctets() > 1 << 20);
        assertTrue(Double.isNaN(new ProcessTree(List.of()).cpuSeconds()));
        assertTrue(Double.isNaN(new ProcessTree(List.of()).octets()));
    }

    @Test
    void aConnectionDoesSomethingHoweverLittleTimeThereIs() throws Exception {
        Target target = Target.parse("none=h:0:0:0");
        Result result = Load.run(target, 3, new Load.Bounds(0, 100), index -> new Load.Worker() {
            @Override
            public void operate(long n) {}

            @Override
            public void close() {}
        });
        assertEquals(3, result.operations());
        assertThrows(
                IllegalStateException.class,
                () -> Load.run(target, 3, new Load.Bounds(9, 9), index -> new Load.Worker() {
                    @Override
                    public void operate(long n) {
                        throw new IllegalStateException("no");
                    }

                    @Override
                    public void close() {}
                }));
    }

    @Test
    void aLargeMessageIsAsLargeAsItWasAskedFor() {
        assertEquals(50_000_000, Messages.large(50_000_000).length, 100_000);
    }
}
