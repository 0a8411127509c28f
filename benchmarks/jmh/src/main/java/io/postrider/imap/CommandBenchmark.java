package io.postrider.imap;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
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
import org.openjdk.jmh.infra.Blackhole;

/** From a client's octets to a command that could run: cutting, and reading the grammar. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CommandBenchmark {
    @Param({"NOOP", "UID FETCH 1:* (FLAGS)", "UID STORE 17 +FLAGS.SILENT (\\Seen $Label1)", "HEADERS"})
    private String command;

    private Buffer octets;
    private byte[] line;
    private CommandFramer framer;
    private Blackhole hole;

    @Setup
    public void setUp(Blackhole blackhole) {
        hole = blackhole;
        String text = "a17 "
                + (command.equals("HEADERS")
                        ? "UID FETCH 17 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.PEEK[HEADER.FIELDS (REFERENCES)])"
                        : command);
        line = text.getBytes(StandardCharsets.US_ASCII);
        octets = Buffer.buffer(text + "\r\n");
        framer = new CommandFramer(ImapLimits.DEFAULT, (head, continuing) -> false, new CommandFramer.Sink() {
            @Override
            public void framed(Framed framed) {
                hole.consume(framed);
            }

            @Override
            public void advanced() {}

            @Override
            public void broke(Throwable cause) {
                throw new IllegalStateException(cause);
            }
        });
    }

    /** One command in one packet. */
    @Benchmark
    public void frame() {
        framer.feed(octets);
    }

    /** Tag, name and arguments. */
    @Benchmark
    public Object read() {
        CommandReader reader = new CommandReader(line);
        hole.consume(reader.commandTag());
        reader.space();
        String name = reader.word();
        if (name.equalsIgnoreCase("NOOP")) {
            return name;
        }
        reader.space();
        boolean store = reader.word().equalsIgnoreCase("STORE");
        return store ? StoreCommand.parseUid(reader) : FetchCommand.parseUid(reader);
    }
}
