package io.postrider.imap;

import io.postrider.store.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * append-message, once or several times, as it comes: frame by frame, each up to a literal that is streamed or to the
 * command's end. RFC 3501 §6.3.11, RFC 3502 §6.3.11, RFC 3516 §4.4, RFC 4466 §2.2, RFC 4469 §3, RFC 6855 §4
 */
final class AppendGrammar {
    /** Parts of the messages of one command. RFC 4469 */
    static final int MAX_PARTS = 1000;

    /** One thing to do. Octets are always a frame's last. */
    sealed interface Step {
        /**
         * A message begins.
         *
         * @param internalDate null for now
         * @param catenated whether it is made of parts
         */
        record Begin(Flags flags, Instant internalDate, boolean catenated) implements Step {}

        /** Its next octets are the client's. */
        record Octets(Literal literal) implements Step {}

        /** Its next octets are those of another message. RFC 4469 §3 */
        record Url(String url) implements Step {}

        /** It is whole. */
        record End() implements Step {}
    }

    private enum Place {
        BETWEEN_MESSAGES,
        BEHIND_LITERAL,
        BETWEEN_PARTS
    }

    /** The literal behind this is the URL itself. */
    private static final Pattern URL_COMES = Pattern.compile(".*[ (]URL ", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final boolean single;
    private Place place = Place.BETWEEN_MESSAGES;
    private int messages;
    private int parts;
    /** A literal stands in UTF8's parentheses. */
    private boolean inUtf8;

    /** @param single whether one message is all there may be. RFC 8508 §4.7 */
    AppendGrammar(boolean single) {
        this.single = single;
    }

    /**
     * Whether the literal that the command ends in so far is a message or a part of one, if it is anything: streamed, then,
     * and not kept.
     *
     * @param octets the command, or with {@code continuing} what came behind such a literal
     */
    static boolean endsInMessage(byte[] octets, boolean continuing) {
        int from = 0;
        if (!continuing) {
            CommandReader reader = new CommandReader(octets);
            try {
                reader.tag();
                reader.space();
                boolean byUid = reader.takeWord("UID");
                if (byUid) {
                    reader.space();
                }
                boolean replaces = reader.takeWord("REPLACE");
                if (!replaces && (byUid || !reader.takeWord("APPEND"))) {
                    return false;
                }
                if (replaces) {
                    reader.space();
                    reader.sequenceSet();
                }
                reader.space();
                reader.astringOctets();
                from = reader.position();
                reader.space();
            } catch (BadSyntax e) {
                return false;
            }
        }
        int head = Literal.endOf(octets, octets.length).headStart();
        String before = new String(octets, from, head - from, StandardCharsets.ISO_8859_1);
        return !URL_COMES.matcher(before).matches();
    }

    /** Reads on: one frame. */
    List<Step> read(CommandReader reader) {
        List<Step> steps = new ArrayList<>();
        if (inUtf8) {
            reader.expect(')');
            inUtf8 = false;
        }
        if (place == Place.BEHIND_LITERAL) {
            steps.add(new Step.End());
            place = Place.BETWEEN_MESSAGES;
        } else if (place == Place.BETWEEN_PARTS) {
            readParts(reader, steps);
        }
        while (place == Place.BETWEEN_MESSAGES && (messages == 0 || follows(reader))) {
            readMessage(reader, steps);
        }
        return steps;
    }

    /** Whether there is another message; trailing spaces are none. */
    private boolean follows(CommandReader reader) {
        if (!reader.take(' ') || reader.atEnd() || reader.peek() == ' ') {
            reader.end();
            return false;
        }
        if (single) {
            throw reader.bad("end of command");
        }
        return true;
    }

    private void readMessage(CommandReader reader, List<Step> steps) {
        if (messages++ == 0) {
            reader.space();
        }
        Flags flags = Flags.NONE;
        if (reader.peek() == '(') {
            flags = reader.flagList();
            reader.space();
        }
        Instant internalDate = null;
        if (reader.peek() == '"') {
            internalDate = reader.dateTime();
            reader.space();
        }
        if (reader.takeWord("CATENATE")) {
            steps.add(new Step.Begin(flags, internalDate, true));
            reader.space();
            reader.expect('(');
            readPart(reader, steps);
            if (place != Place.BETWEEN_PARTS) {
                readParts(reader, steps);
            }
            return;
        }
        steps.add(new Step.Begin(flags, internalDate, false));
        steps.add(octets(reader, reader.takeWord("UTF8")));
        place = Place.BEHIND_LITERAL;
    }

    /** A literal, or a literal8 which says that its header is in UTF-8. RFC 6855 §4 */
    private Step octets(CommandReader reader, boolean utf8) {
        if (utf8) {
            reader.space();
            reader.expect('(');
            inUtf8 = true;
        }
        Literal literal = reader.literalToCome();
        if (utf8 && !literal.binary()) {
            throw reader.bad("literal8");
        }
        return new Step.Octets(literal);
    }

    /** Behind a part: others, and the end of the list. */
    private void readParts(CommandReader reader, List<Step> steps) {
        place = Place.BETWEEN_MESSAGES;
        while (place == Place.BETWEEN_MESSAGES && !reader.take(')')) {
            reader.space();
            readPart(reader, steps);
        }
        if (place == Place.BETWEEN_MESSAGES) {
            steps.add(new Step.End());
        }
    }

    private void readPart(CommandReader reader, List<Step> steps) {
        if (++parts > MAX_PARTS) {
            throw reader.bad("at most " + MAX_PARTS + " parts");
        }
        if (reader.takeWord("URL")) {
            reader.space();
            steps.add(new Step.Url(reader.astring()));
            return;
        }
        boolean utf8 = reader.takeWord("UTF8");
        if (!utf8) {
            if (!reader.takeWord("TEXT")) {
                throw reader.bad("TEXT or URL");
            }
            reader.space();
        }
        steps.add(octets(reader, utf8));
        place = Place.BETWEEN_PARTS;
    }
}
