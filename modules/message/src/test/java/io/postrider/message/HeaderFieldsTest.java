package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderFieldsTest {
    private static final String HEADER =
            "From: a@example.com\r\nSubject: folded\r\n\tand\r\n more\r\nTO : b@example.com\nno field at all\r\n"
                    + "to: c@example.com\r\n\r\n";

    private static String select(String header, String... names) {
        return text(HeaderFields.select(octets(header), List.of(names)));
    }

    private static String exclude(String header, String... names) {
        return text(HeaderFields.exclude(octets(header), List.of(names)));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    @Test
    void namesMatchInAnyCaseAndFoldingStays() {
        assertEquals("Subject: folded\r\n\tand\r\n more\r\n\r\n", select(HEADER, "SUBJECT"));
        assertEquals("TO : b@example.com\nto: c@example.com\r\n\r\n", select(HEADER, "To"));
        assertEquals("\r\n", select(HEADER, "Bcc", ""));
    }

    @Test
    void excludingKeepsEverythingElse() {
        assertEquals(
                "From: a@example.com\r\nSubject: folded\r\n\tand\r\n more\r\nno field at all\r\n\r\n",
                exclude(HEADER, "tO"));
        assertEquals(HEADER, exclude(HEADER));
    }

    @Test
    void manyNamesPickWhatFewDo() {
        List<String> few = new ArrayList<>(List.of("tO", "bcc"));
        while (few.size() < 16) {
            few.add("X-" + few.size());
        }
        List<String> many = new ArrayList<>(few);
        many.add("X-16");
        String picked = "TO : b@example.com\nto: c@example.com\r\n\r\n";
        assertEquals(picked, text(HeaderFields.select(octets(HEADER), few)));
        assertEquals(picked, text(HeaderFields.select(octets(HEADER), many)));
        String accented = "Caf\u00e9: x\r\nCafe: y\r\n\r\n";
        assertEquals("Caf\u00e9: x\r\n\r\n", text(HeaderFields.select(octets(accented), List.of("CAF\u00c9"))));
    }

    @Test
    void aHeaderWithoutClosingLineGetsNone() {
        assertEquals("To: x", select("From: y\r\nTo: x", "to"));
        assertEquals("", select("", "to"));
        assertEquals("\n", select("\n", "to"));
        assertEquals(": nameless\r\n", exclude(": nameless\r\nTo: x\r\n", "to"));
    }
}
