package io.postrider.imap;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What SEARCH and SORT are to tell of what they find. RFC 4731 §3.1, RFC 5182 §2.4, RFC 5267 §3, RFC 9394 §3.1
 *
 * @param partial which results PARTIAL wants; null without it
 * @param itemsOfNew what UPDATE wants to hear of new messages that are found. RFC 5465 §7
 */
record ReturnOptions(Set<Option> options, PartialRange partial, List<FetchItem> itemsOfNew) {
    enum Option {
        MIN,
        MAX,
        ALL,
        COUNT,
        PARTIAL,
        SAVE,
        /** A hint that we do not need. RFC 5267 §4.2 */
        CONTEXT,
        UPDATE
    }

    /** What a response is for: with SAVE alone there is none. */
    private static final Set<Option> TOLD =
            EnumSet.of(Option.MIN, Option.MAX, Option.ALL, Option.COUNT, Option.PARTIAL);

    static final ReturnOptions ALL = new ReturnOptions(EnumSet.of(Option.ALL), null, List.of());

    /** RETURN and what follows it, if it is next, and the space behind; null when it is not. */
    static ReturnOptions readIfThere(CommandReader reader) {
        if (!reader.takeWord("RETURN")) {
            return null;
        }
        reader.space();
        ReturnOptions options = read(reader);
        reader.space();
        return options;
    }

    private static ReturnOptions read(CommandReader reader) {
        Set<Option> options = EnumSet.noneOf(Option.class);
        PartialRange partial = null;
        List<FetchItem> itemsOfNew = List.of();
        reader.expect('(');
        if (!reader.take(')')) {
            do {
                Option option = option(reader);
                if (option == Option.PARTIAL) {
                    if (partial != null) {
                        throw reader.bad("no second PARTIAL before");
                    }
                    reader.space();
                    partial = PartialRange.read(reader);
                }
                if (option == Option.UPDATE && reader.peek() == ' ' && reader.peekBehind() == '(') {
                    reader.space();
                    itemsOfNew = FetchCommand.readItems(reader);
                }
                options.add(option);
            } while (reader.take(' '));
            reader.expect(')');
        }
        if (options.contains(Option.ALL) && partial != null) {
            throw reader.bad("ALL or PARTIAL and not both before");
        }
        if (!options.contains(Option.SAVE) && options.stream().noneMatch(TOLD::contains)) {
            options.add(Option.ALL);
        }
        return new ReturnOptions(options, partial, itemsOfNew);
    }

    private static Option option(CommandReader reader) {
        String word = reader.word();
        for (Option option : Option.values()) {
            if (option.name().equals(word)) {
                return option;
            }
        }
        throw reader.bad("MIN, MAX, ALL, COUNT, PARTIAL, SAVE, CONTEXT or UPDATE before");
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    /** Whether there is an ESEARCH response at all. */
    boolean tellsAnything() {
        return options.stream().anyMatch(TOLD::contains);
    }

    /** Whether only the first or the last result, or both, are told. */
    boolean tellsEndsOnly() {
        return tellsAnything() && !has(Option.ALL) && !has(Option.COUNT) && !has(Option.PARTIAL);
    }

    /** Whether "$" gets all that is found, and not only what is told. RFC 5182 §2.4, RFC 9394 §3.2 */
    boolean savesAll() {
        return has(Option.ALL) || has(Option.COUNT) || !tellsAnything();
    }
}
