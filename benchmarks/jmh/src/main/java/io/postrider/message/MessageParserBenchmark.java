package io.postrider.message;

import io.postrider.testkit.MessageGenerator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** All that is derived from a message when it comes in, for a message. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MessageParserBenchmark {
    @Param({"4 KB of text", "20 KB with an attachment", "1 MB with an attachment"})
    private String message;

    private byte[] octets;

    @Setup
    public void setUp() {
        MessageGenerator generator = new MessageGenerator(1);
        octets = switch (message) {
            case "4 KB of text" -> generator.text(4 << 10);
            case "20 KB with an attachment" -> generator.multipart(20 << 10);
            default -> generator.multipart(1 << 20);
        };
    }

    @Benchmark
    public Object parse() {
        MessageParser parser = new MessageParser(ParserLimits.DEFAULT);
        parser.feed(octets, 0, octets.length);
        return parser.finish();
    }
}
