package io.postrider.pop3;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.LineFramer;
import io.postrider.pop3.CommandTable.State;
import io.postrider.testkit.Cut;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Fuzzed: a client's octets are the same lines however they are cut, and every line is a command or refused in words.
 * {@code benchmarks/fuzz} runs it.
 */
public final class CommandFuzz implements LineFramer.Sink {
    private static final CommandTable TABLE = new CommandTable();

    private final List<String> seen = new ArrayList<>();

    public static void fuzzerTestOneInput(byte[] input) {
        Cut.alike(input, CommandFuzz::lines);
    }

    private static List<String> lines(List<byte[]> pieces) {
        CommandFuzz fuzz = new CommandFuzz();
        LineFramer framer = new LineFramer(Pop3Limits.DEFAULT.commandOctets(), fuzz);
        pieces.forEach(piece -> framer.feed(Buffer.buffer(piece)));
        return fuzz.seen;
    }

    @Override
    public void line(byte[] line) {
        assertTrue(line.length <= Pop3Limits.DEFAULT.commandOctets());
        CommandTable.Line read = TABLE.read(line);
        seen.add(read.toString());
        for (State state : State.values()) {
            try {
                TABLE.parse(read, state);
            } catch (Refused refused) {
                seen.add(refused.getMessage());
            }
        }
    }

    @Override
    public void lineTooLong() {
        seen.add("too long");
    }
}
