package io.postrider.pop3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.LineFramer;
import io.postrider.pop3.CommandTable.State;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fuzzed: a client's octets are the same lines however they are cut, and every line is a command or refused in words.
 * {@code benchmarks/fuzz} runs it.
 */
public final class CommandFuzz implements LineFramer.Sink {
    private static final CommandTable TABLE = new CommandTable();

    private final List<String> seen = new ArrayList<>();

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] octets = Arrays.copyOfRange(input, 1, input.length);
        assertEquals(lines(octets, Math.max(1, octets.length)), lines(octets, 1 + (input[0] & 0x1F)));
    }

    private static List<String> lines(byte[] octets, int piece) {
        CommandFuzz fuzz = new CommandFuzz();
        LineFramer framer = new LineFramer(Pop3Limits.DEFAULT.commandOctets(), fuzz);
        for (int at = 0; at < octets.length; at += piece) {
            framer.feed(Buffer.buffer(Arrays.copyOfRange(octets, at, Math.min(octets.length, at + piece))));
        }
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
