package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;

/** Parses in tests: whole, and cut at every place, which must not matter. */
final class Parsing {
    private Parsing() {}

    static byte[] octets(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    static ParsedMessage parse(byte[] message, ParserLimits limits) {
        MessageParser parser = new MessageParser(limits);
        parser.feed(message, 0, message.length);
        return parser.finish();
    }

    /** Each character of {@code latin1} is an octet. */
    static ParsedMessage parse(String latin1) {
        return parse(octets(latin1), ParserLimits.DEFAULT);
    }

    /** Parses whole, octet by octet, and in two pieces at every place; all must be the same. */
    static ParsedMessage parseCutEverywhere(String latin1, ParserLimits limits) {
        return parseCutEverywhere(octets(latin1), limits);
    }

    static ParsedMessage parseCutEverywhere(byte[] message, ParserLimits limits) {
        ParsedMessage whole = parse(message, limits);
        String expected = describe(whole);
        MessageParser single = new MessageParser(limits);
        for (int i = 0; i < message.length; i++) {
            single.feed(message, i, 1);
        }
        assertEquals(expected, describe(single.finish()), "octet by octet");
        for (int cut = 0; cut <= message.length; cut++) {
            MessageParser parser = new MessageParser(limits);
            parser.feed(message, 0, cut);
            parser.feed(message, cut, message.length - cut);
            assertEquals(expected, describe(parser.finish()), "cut at " + cut);
        }
        return whole;
    }

    static String describe(ParsedMessage message) {
        return String.join(
                "\n",
                text(message.header()),
                message.structure().toString(),
                text(message.envelope()),
                text(message.bodyStructure()),
                text(message.body()),
                message.sortKeys().toString(),
                message.messageId(),
                message.references().toString(),
                message.searchHeader(),
                message.searchText(),
                message.preview());
    }
}
