package io.postrider.smtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.LineFramer;
import io.postrider.testkit.Cut;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Fuzzed: a client's octets are the same lines however they are cut, every line is a command or refused in words, and what a
 * path is read as can stand in a header field. {@code benchmarks/fuzz} runs it.
 */
public final class CommandFuzz implements LineFramer.Sink {
    private static final CommandTable TABLE = new CommandTable(Dialect.LMTP);

    private final List<String> seen = new ArrayList<>();

    public static void fuzzerTestOneInput(byte[] input) {
        Cut.alike(input, CommandFuzz::lines);
    }

    private static List<String> lines(List<byte[]> pieces) {
        CommandFuzz fuzz = new CommandFuzz();
        LineFramer framer = new LineFramer(LmtpLimits.DEFAULT.commandOctets(), fuzz);
        pieces.forEach(piece -> framer.feed(Buffer.buffer(piece)));
        return fuzz.seen;
    }

    @Override
    public void line(byte[] line) {
        CommandTable.Line read = TABLE.read(line);
        seen.add(read.toString());
        try {
            Command command = TABLE.parse(read);
            if (command instanceof MailCommand mail) {
                checkPath(mail.reversePath());
            }
            seen.add(command.getClass().getSimpleName());
        } catch (Rejected rejected) {
            assertTrue(rejected.reply().code() >= 400, "it is refused");
            seen.add(rejected.reply().toString());
        }
    }

    @Override
    public void lineTooLong() {
        seen.add("too long");
    }

    private static void checkPath(Path path) {
        assertTrue(path.toString().chars().noneMatch(c -> c < ' ' || c == 0x7F), "no control character");
    }
}
