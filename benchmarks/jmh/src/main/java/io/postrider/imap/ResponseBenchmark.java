package io.postrider.imap;

import io.postrider.store.Flags;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Writing what a FETCH answers with, a thousand messages to a buffer, for each message. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ResponseBenchmark.MESSAGES)
public class ResponseBenchmark {
    static final int MESSAGES = 1000;

    private final Flags seen = Flags.of(Flags.SEEN);
    private final Flags many = new Flags(Flags.SEEN | Flags.ANSWERED | Flags.FLAGGED, List.of("$Label1", "$Forwarded"));
    private final Instant date = Instant.parse("2026-01-05T08:00:00Z");
    private final Buffer envelope = Buffer.buffer("x".repeat(300));

    /** Flags alone, and one of them. */
    @Benchmark
    public Buffer flags() {
        return flags(seen);
    }

    /** Three flags and two keywords. */
    @Benchmark
    public Buffer manyFlags() {
        return flags(many);
    }

    private Buffer flags(Flags flags) {
        ResponseWriter out = new ResponseWriter();
        for (int i = 1; i <= MESSAGES; i++) {
            out.raw("* ")
                    .number(i)
                    .raw(" FETCH (UID ")
                    .number(i + 1000L)
                    .raw(" FLAGS ")
                    .flags(flags, false);
            out.raw(")").crlf();
        }
        return out.take();
    }

    /** What a list of messages shows: envelope and structure are ready for the wire. */
    @Benchmark
    public Buffer headers() {
        ResponseWriter out = new ResponseWriter();
        for (int i = 1; i <= MESSAGES; i++) {
            out.raw("* ")
                    .number(i)
                    .raw(" FETCH (UID ")
                    .number(i + 1000L)
                    .raw(" FLAGS ")
                    .flags(seen, false);
            out.raw(" INTERNALDATE ").dateTime(date).raw(" RFC822.SIZE ").number(20_480);
            out.raw(" ENVELOPE ").raw(envelope).raw(")").crlf();
        }
        return out.take();
    }
}
