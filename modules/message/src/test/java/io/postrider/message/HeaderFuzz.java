package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Fuzzed: header fields in all that is read from them, addresses, encoded words, dates, identifiers, parameters and subjects.
 * {@code benchmarks/fuzz} runs it.
 */
public final class HeaderFuzz {
    private static final int MOST_ADDRESSES = 50;

    private HeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String value = HeaderText.value(input, 0, input.length);
        List<Address> addresses = AddressParser.parse(value, MOST_ADDRESSES);
        assertTrue(addresses.size() <= MOST_ADDRESSES + 1, "no more addresses than were asked for");
        checkSubject(value);
        MessageDate.parse(value);
        assertTrue(MessageIds.references(value, value).size() <= ParserLimits.REFERENCES);
        MessageIds.first(value);
        ParameterList.parse(value).get("boundary");
    }

    private static void checkSubject(String value) {
        String base = BaseSubject.of(value).text();
        assertEquals(base, BaseSubject.of(base).text(), "a base subject is its own");
        String folded = CaseFold.fold(EncodedWords.decode(value));
        assertEquals(folded, CaseFold.fold(folded), "folded once is folded");
        assertEquals(folded, new String(folded.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
