package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.message.Part.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What must be true of every parse, whatever the message. */
final class Invariants {
    private Invariants() {}

    static void check(byte[] message, ParsedMessage parsed, ParserLimits limits) {
        assertArrayEquals(Arrays.copyOf(message, parsed.header().length), parsed.header());
        assertTrue(parsed.header().length <= limits.headerOctets());
        assertEquals(parsed.header().length, parsed.structure().headerLength());
        assertEquals(message.length, parsed.structure().size());
        Part root = parsed.structure().root();
        assertEquals(message.length - parsed.header().length, root.bodyLength());
        assertEquals(0, root.headerOffset() + root.headerLength() + root.bodyOffset());
        checkPart(root, limits.depth());
        assertEquals(
                parsed.structure(),
                MessageStructure.fromBytes(parsed.structure().toBytes()));
        WireGrammar.checkEnvelope(parsed.envelope());
        WireGrammar.checkBody(parsed.bodyStructure(), true, root);
        WireGrammar.checkBody(parsed.body(), false, root);
        checkTexts(parsed, limits);
    }

    private static void checkPart(Part part, int depthLeft) {
        assertEquals(part.headerOffset() + part.headerLength(), part.bodyOffset());
        long end = part.bodyOffset() + part.bodyLength();
        long before = part.bodyOffset();
        for (Part child : part.children()) {
            assertTrue(depthLeft > 0, "not deeper than the limit");
            assertTrue(child.headerOffset() >= before, "parts follow each other");
            checkPart(child, depthLeft - 1);
            before = child.bodyOffset() + child.bodyLength();
            assertTrue(child.headerLength() >= 0 && child.bodyLength() >= 0);
            assertTrue(before <= end, "parts lie within their parent");
        }
        if (part.kind() == Kind.MESSAGE) {
            assertEquals(1, part.children().size());
            assertEquals(part.bodyOffset(), part.children().get(0).headerOffset());
        }
        assertEquals(part.kind() == Kind.LEAF, part.children().isEmpty());
    }

    private static void checkTexts(ParsedMessage parsed, ParserLimits limits) {
        SortKeys keys = parsed.sortKeys();
        List<String> sortTexts =
                List.of(keys.baseSubject(), keys.from(), keys.to(), keys.cc(), keys.fromDisplay(), keys.toDisplay());
        for (String text : sortTexts) {
            checkStorable(text);
            assertTrue(text.length() <= ParserLimits.SORT_KEY_CHARACTERS);
        }
        checkStorable(parsed.searchHeader());
        checkStorable(parsed.searchText());
        assertTrue(parsed.searchText().length() <= limits.searchTextCharacters());
        checkStorable(parsed.preview());
        assertTrue(parsed.preview().codePointCount(0, parsed.preview().length()) <= ParserLimits.PREVIEW_CHARACTERS);
        checkStorable(parsed.messageId());
        parsed.references().forEach(Invariants::checkStorable);
        assertTrue(parsed.references().size() <= ParserLimits.REFERENCES);
    }

    /** PostgreSQL takes neither U+0000 nor lone surrogates. */
    private static void checkStorable(String text) {
        assertTrue(text.indexOf(0) < 0, "no NUL in a text");
        assertEquals(text, new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
