package io.postrider.imap;

import io.postrider.message.HeaderFields;
import io.postrider.message.OctetRange;
import io.postrider.message.SectionText;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What FETCH can be asked for. RFC 3501 §6.4.5 */
sealed interface FetchItem {
    /** Part numbers that a section may have; deeper than any message we take apart. */
    int MAX_PATH = 200;

    /** What is known without looking into the octets. */
    enum Attribute implements FetchItem {
        UID("UID"),
        FLAGS("FLAGS"),
        INTERNALDATE("INTERNALDATE"),
        SIZE("RFC822.SIZE"),
        ENVELOPE("ENVELOPE"),
        BODY("BODY"),
        BODYSTRUCTURE("BODYSTRUCTURE"),
        /** RFC 7162 §3.1.4.2 */
        MODSEQ("MODSEQ"),
        /** RFC 8474 §5.1 */
        EMAILID("EMAILID"),
        /** RFC 8474 §5.2 */
        THREADID("THREADID"),
        /** RFC 8514 §4.2 */
        SAVEDATE("SAVEDATE");

        private final String word;

        Attribute(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /**
     * Octets of the message.
     *
     * @param label what the response calls it: the client's words in one spelling
     * @param path part numbers, empty for the message itself
     * @param fields of a header; null for all
     * @param setsSeen whether reading it makes the message \Seen
     * @param partial null for all of it
     */
    record Section(String label, List<Integer> path, SectionText text, Fields fields, boolean setsSeen, Partial partial)
            implements FetchItem {
        /** What of a range the client wants. */
        OctetRange of(OctetRange all) {
            return partial == null ? all : all.partial(partial.first, partial.count);
        }
    }

    /**
     * A part without its content transfer encoding. RFC 3516 §4.2
     *
     * @param path part numbers, empty for the message itself
     * @param partial of the decoded octets; null for all of them
     */
    record Binary(String label, List<Integer> path, boolean setsSeen, Partial partial) implements FetchItem {}

    /** How many octets {@link Binary} has. RFC 3516 §4.2 */
    record BinarySize(String label, List<Integer> path) implements FetchItem {}

    /**
     * The first words of a message, kept since its delivery: nothing to be LAZY about. RFC 8970 §3; SNIPPET and FUZZY are its
     * drafts' names, as Dovecot understands them.
     *
     * @param fuzzy whether the answer names the algorithm, as the drafts had it
     */
    record Preview(String word, boolean fuzzy) implements FetchItem {}

    /** HEADER.FIELDS, or with {@code not} HEADER.FIELDS.NOT. */
    record Fields(boolean not, List<String> names) {
        byte[] of(Buffer header) {
            return not ? HeaderFields.exclude(header.getBytes(), names) : HeaderFields.select(header.getBytes(), names);
        }
    }

    /** {@code <first.count>} */
    record Partial(long first, long count) {}

    /** Reads one fetch-att. */
    static FetchItem read(CommandReader reader) {
        String word = reader.word();
        if (reader.peek() == '[' && (word.equals("BODY") || word.equals("BODY.PEEK"))) {
            return section(reader, word.equals("BODY"));
        }
        if (reader.peek() == '[' && word.startsWith("BINARY")) {
            return binary(reader, word);
        }
        return switch (word) {
            case "RFC822" -> new Section(word, List.of(), SectionText.ALL, null, true, null);
            case "RFC822.HEADER" -> new Section(word, List.of(), SectionText.HEADER, null, false, null);
            case "RFC822.TEXT" -> new Section(word, List.of(), SectionText.TEXT, null, true, null);
            case "PREVIEW" -> new Preview(word, readsFuzzy(reader));
            case "SNIPPET" -> {
                readsFuzzy(reader);
                yield new Preview(word, true);
            }
            default -> attribute(reader, word);
        };
    }

    /** Modifiers in parentheses, if there are any. */
    private static boolean readsFuzzy(CommandReader reader) {
        boolean fuzzy = false;
        if (reader.peek() == ' ' && reader.peekBehind() == '(') {
            reader.space();
            reader.expect('(');
            do {
                String modifier = reader.atom().toUpperCase(Locale.ROOT);
                switch (modifier) {
                    case "LAZY" -> {}
                    case "FUZZY", "LAZY=FUZZY" -> fuzzy = true;
                    default -> throw reader.bad("LAZY or FUZZY before");
                }
            } while (reader.take(' '));
            reader.expect(')');
        }
        return fuzzy;
    }

    private static Attribute attribute(CommandReader reader, String word) {
        for (Attribute attribute : Attribute.values()) {
            if (attribute.word.equals(word)) {
                return attribute;
            }
        }
        throw reader.bad("something to fetch before");
    }

    private static Section section(CommandReader reader, boolean setsSeen) {
        reader.expect('[');
        String spec = reader.peek() == ']' ? "" : reader.word();
        List<Integer> path = new ArrayList<>();
        String text = readPath(reader, spec, path);
        Fields fields = text.startsWith("HEADER.FIELDS") ? fields(reader, text) : null;
        reader.expect(']');
        Partial partial = partial(reader);
        String label = "BODY[" + spec + (fields == null ? "" : " " + label(fields.names())) + "]"
                + (partial == null ? "" : "<" + partial.first() + ">");
        return new Section(
                label, List.copyOf(path), sectionText(reader, text, path, fields), fields, setsSeen, partial);
    }

    private static FetchItem binary(CommandReader reader, String word) {
        reader.expect('[');
        String spec = reader.peek() == ']' ? "" : reader.word();
        List<Integer> path = new ArrayList<>();
        if (!readPath(reader, spec, path).isEmpty()) {
            throw reader.bad("part number before");
        }
        reader.expect(']');
        if (word.equals("BINARY.SIZE")) {
            return new BinarySize("BINARY.SIZE[" + spec + "]", List.copyOf(path));
        }
        if (!word.equals("BINARY") && !word.equals("BINARY.PEEK")) {
            throw reader.bad("something to fetch before");
        }
        Partial partial = partial(reader);
        String label = "BINARY[" + spec + "]" + (partial == null ? "" : "<" + partial.first() + ">");
        return new Binary(label, List.copyOf(path), word.equals("BINARY"), partial);
    }

    /** Takes the part numbers that a section begins with; what is left of it. */
    private static String readPath(CommandReader reader, String spec, List<Integer> path) {
        String text = spec;
        while (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
            int dot = text.indexOf('.');
            path.add(partNumber(reader, dot < 0 ? text : text.substring(0, dot)));
            if (dot >= 0 && dot + 1 == text.length() || path.size() > MAX_PATH) {
                throw reader.bad("section before");
            }
            text = dot < 0 ? "" : text.substring(dot + 1);
        }
        return text;
    }

    private static int partNumber(CommandReader reader, String digits) {
        // More digits than an int has name a part that no message has.
        if (digits.isEmpty() || digits.startsWith("0") || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw reader.bad("part number before");
        }
        return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    private static SectionText sectionText(CommandReader reader, String text, List<Integer> path, Fields fields) {
        if (fields != null || text.equals("HEADER")) {
            return SectionText.HEADER;
        }
        if (text.isEmpty()) {
            return SectionText.ALL;
        }
        if (text.equals("TEXT")) {
            return SectionText.TEXT;
        }
        if (text.equals("MIME") && !path.isEmpty()) {
            return SectionText.MIME;
        }
        throw reader.bad("section before");
    }

    private static Fields fields(CommandReader reader, String text) {
        boolean not = text.equals("HEADER.FIELDS.NOT");
        if (!not && !text.equals("HEADER.FIELDS")) {
            throw reader.bad("section before");
        }
        reader.space();
        reader.expect('(');
        List<String> names = new ArrayList<>();
        do {
            String name = reader.astring();
            if (name.isEmpty() || !name.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
                throw reader.bad("field name before");
            }
            names.add(name);
        } while (reader.take(' '));
        reader.expect(')');
        return new Fields(not, List.copyOf(names));
    }

    private static Partial partial(CommandReader reader) {
        if (!reader.take('<')) {
            return null;
        }
        long first = reader.number64();
        reader.expect('.');
        long count = reader.number64();
        if (count == 0) {
            throw reader.bad("number above 0 before");
        }
        reader.expect('>');
        return new Partial(first, count);
    }

    /** The names as the client wrote them, quoted where they are no atoms. */
    private static String label(List<String> names) {
        StringBuilder label = new StringBuilder("(");
        for (String name : names) {
            label.append(label.length() > 1 ? " " : "");
            if (name.chars().allMatch(c -> c > ' ' && "(){%*\"\\]".indexOf(c) < 0)) {
                label.append(name);
            } else {
                label.append('"')
                        .append(name.replaceAll("([\"\\\\])", "\\\\$1"))
                        .append('"');
            }
        }
        return label.append(')').toString();
    }
}
