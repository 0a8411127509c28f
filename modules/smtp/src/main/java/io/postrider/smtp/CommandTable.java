package io.postrider.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The commands of a dialect. Verbs in any case; what is not in the table is refused with 500. */
final class CommandTable {
    /** How an unknown verb is named in metrics. */
    static final String OTHER = "other";

    /** A line taken apart. */
    record Line(String verb, String arguments) {}

    private final Map<String, Command.Parser> parsers = new LinkedHashMap<>();

    CommandTable(Dialect dialect) {
        // HELO and EHLO are not there, so they get the 500 that RFC 2033 §4.1 recommends.
        parsers.put(dialect.hello(), HelloCommand::parse);
        parsers.put("MAIL", MailCommand::parse);
        parsers.put("RCPT", RcptCommand::parse);
        parsers.put("DATA", DataCommand::parse);
        parsers.put("BDAT", BdatCommand::parse);
        parsers.put("RSET", RsetCommand::parse);
        parsers.put("NOOP", arguments -> new NoopCommand());
        parsers.put("QUIT", QuitCommand::parse);
        parsers.put("VRFY", VrfyCommand::parse);
        parsers.put("HELP", arguments -> new HelpCommand());
        parsers.put("STARTTLS", StartTlsCommand::parse);
    }

    Set<String> verbs() {
        return parsers.keySet();
    }

    /** The verb in upper case, {@link #OTHER} when unknown; arguments must be UTF-8. RFC 6531 §3.3 */
    Line read(byte[] line) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Line(OTHER, "");
        }
        int space = text.indexOf(' ');
        String verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
        return new Line(
                parsers.containsKey(verb) ? verb : OTHER,
                space < 0 ? "" : text.substring(space + 1).strip());
    }

    Command parse(Line line) {
        Command.Parser parser = parsers.get(line.verb());
        if (parser == null) {
            throw new Rejected(500, "5.5.1", "Command not recognized");
        }
        return parser.parse(line.arguments());
    }

    static void requireNone(String arguments) {
        if (!arguments.isEmpty()) {
            throw new Rejected(501, "5.5.4", "No arguments expected");
        }
    }
}
