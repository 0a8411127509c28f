package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.imap.Framed.Begun;
import io.postrider.imap.Framed.Unreadable;
import io.postrider.imap.Framed.Whole;
import io.postrider.store.Refusal;
import io.postrider.testkit.Cut;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Fuzzed: a client's octets are framed alike however they are cut, and every command is parsed or refused in words.
 * {@code benchmarks/fuzz} runs it.
 */
public final class CommandFuzz implements CommandFramer.Sink {
    private final CommandFramer framer = new CommandFramer(ImapLimits.DEFAULT, AppendGrammar::endsInMessage, this);
    private final List<String> seen = new ArrayList<>();
    private final StringBuilder message = new StringBuilder();

    public static void fuzzerTestOneInput(byte[] input) {
        Cut.alike(input, CommandFuzz::framed);
    }

    private static List<String> framed(List<byte[]> pieces) {
        CommandFuzz fuzz = new CommandFuzz();
        fuzz.framer.loggedIn(ImapLimits.DEFAULT);
        int came = 0;
        for (byte[] piece : pieces) {
            fuzz.framer.feed(Buffer.buffer(piece));
            came += piece.length;
            assertTrue(fuzz.framer.unread() <= came, "no more is kept than came");
        }
        fuzz.seen.add("message: " + fuzz.message);
        return fuzz.seen;
    }

    @Override
    public void framed(Framed framed) {
        if (framed instanceof Whole whole) {
            seen.add(text(whole.octets()));
            parse(whole.octets());
        } else if (framed instanceof Unreadable unreadable) {
            seen.add(unreadable.toString());
        } else if (framed instanceof Begun begun && begun.streams()) {
            seen.add(text(begun.octets()));
            parse(begun.octets());
            framer.stream(slice -> {
                message.append(slice.toString(StandardCharsets.ISO_8859_1));
                return Future.succeededFuture();
            });
        } else if (framed instanceof Begun begun && begun.octets().length % 7 == 0) {
            framer.abandon();
        } else {
            framer.keep();
        }
    }

    @Override
    public void advanced() {}

    @Override
    public void broke(Throwable cause) {
        throw new AssertionError(cause);
    }

    /** As {@link CommandRunner} does. Anything else thrown is a bug of ours. */
    private static void parse(byte[] octets) {
        for (MailboxNames names :
                List.of(MailboxNames.SLASHES, MailboxNames.of(true, false), MailboxNames.of(false, true))) {
            try {
                CommandReader reader = new CommandReader(octets, names);
                reader.tag();
                reader.space();
                String name = reader.word();
                if (name.equals("UID")) {
                    reader.space();
                    name = "UID " + reader.word();
                }
                CommandTable.Entry entry = CommandTable.find(name);
                if (entry != null) {
                    entry.parser().parse(reader);
                    reader.end();
                }
            } catch (BadSyntax | No | Refusal refused) {
                assertTrue(refused.getMessage() != null, "it says why");
            }
        }
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
