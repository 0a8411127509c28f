package io.postrider.imap;

import io.postrider.store.UidSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
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

/** Between UIDs and sequence numbers, in a mailbox where every twentieth UID is missing. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class UidMapBenchmark {
    private static final int MISSING = 20;

    @Param({"1000", "100000", "1000000"})
    private int messages;

    private UidSet uids;
    private UidMap map;
    private long next;

    @Setup
    public void setUp() {
        uids = UidSet.of(LongStream.rangeClosed(1, messages + messages / (MISSING - 1))
                .filter(uid -> uid % MISSING != 0)
                .limit(messages)
                .toArray());
        map = new UidMap(uids);
    }

    @Benchmark
    public long uidOfASequenceNumber() {
        return map.uid(somewhere());
    }

    @Benchmark
    public long sequenceNumberOfAUid() {
        return map.sequence(somewhere());
    }

    /** What SELECT does with the UIDs that the store tells. */
    @Benchmark
    public Object make() {
        return new UidMap(uids);
    }

    /** Far from the one before, each time. */
    private long somewhere() {
        next = (next + 611_953) % messages;
        return 1 + next;
    }
}
