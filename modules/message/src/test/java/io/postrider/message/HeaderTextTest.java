package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** From the octets of a field to text and back to seven bits. */
class HeaderTextTest {
    private static String value(String latin1) {
        byte[] octets = Parsing.octets(latin1);
        return HeaderText.value(octets, 0, octets.length);
    }

    @Test
    void foldingAndWhatNoWireTakesGoes() {
        assertEquals("a b\tc", value(" a\r\n b\n\tc\r\n"));
        assertEquals("a b c", value("a\rb\0c"));
        assertEquals("", value(" \r\n \r\n"));
    }

    @Test
    void rawOctetsAreUtf8OrElseWindows1252() {
        assertEquals("café", value("caf\u00c3\u00a9"));
        assertEquals("café €", value("caf\u00e9 \u0080"));
    }

    @Test
    void encodedWordsAreDecoded() {
        assertEquals("Keld Jørn Simonsen", EncodedWords.decode("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?="));
        assertEquals("ab", EncodedWords.decode("=?ISO-8859-1?Q?a?= \t =?ISO-8859-1?Q?b?="));
        assertEquals("a b", EncodedWords.decode("=?ISO-8859-1?Q?a?= b"));
        assertEquals("a b", EncodedWords.decode("=?ISO-8859-1?Q?a_b?="));
        assertEquals("a_b", EncodedWords.decode("=?ISO-8859-1?Q?a=5Fb?="));
        assertEquals("日本", EncodedWords.decode("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?="));
        assertEquals("é", EncodedWords.decode("=?utf-8*fr?q?=C3=A9?="));
        assertEquals("é", EncodedWords.decode("=?utf-8?B?ww==?= =?UTF-8?B?qQ==?="), "a character cut in two");
        assertEquals("(é)x", EncodedWords.decode("(=?utf-8?q?=C3=A9?=)x"));
    }

    @Test
    void brokenEncodedWordsStayOrDoTheirBest() {
        for (String same :
                new String[] {"=?", "=?=", "=?utf-8?q?", "=?utf-8?x?a?=", "=?utf-8?q?a?b", "a =?utf-8?q", "=?utf-8??a?="
                }) {
            assertEquals(same, EncodedWords.decode(same));
        }
        assertEquals("é", EncodedWords.decode("=?no-such?q?=E9?="));
        assertEquals("é", EncodedWords.decode("=?no-such?q?=C3=A9?="));
        assertEquals("=zz=", EncodedWords.decode("=?utf-8?q?=zz=?="));
        assertEquals("abc", EncodedWords.decode("=?utf-8?b?YW*Jj?="));
        assertEquals("", EncodedWords.decode("=?utf-8?b??="));
    }

    @Test
    void textIsMadeSevenBit() {
        assertEquals("plain =?utf-8?B?w6k=?= text", EncodedWords.encode("plain é text"));
        for (String text : new String[] {
            "é",
            "é è",
            " é",
            "é ",
            "a  é  b",
            "=?utf-8?B?w6k=?= è x",
            "è =?utf-8?B?w6k=?=",
            "é".repeat(500),
            "😀 ".repeat(100) + "x"
        }) {
            String encoded = EncodedWords.encode(text);
            assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(encoded), encoded);
            assertEquals(
                    EncodedWords.decode(text).strip(),
                    EncodedWords.decode(encoded).strip());
            for (String word : encoded.split(" ")) {
                assertTrue(word.length() <= 75, "an encoded word has at most 75 characters");
            }
        }
    }

    @Test
    void anEnvelopeIsNeverRawUtf8() {
        ParsedMessage parsed =
                Parsing.parse("Subject: caf\u00c3\u00a9\r\nFrom: J\u00f6 <j\u00f6@b\u00fccher.example>\r\n"
                        + "Content-Type: text/plain; name=\"\u00fc.txt\"\r\n\r\n");
        String from = "((\"=?utf-8?B?SsO2?=\" NIL \"=?utf-8?B?asO2?=\" \"=?utf-8?B?YsO8Y2hlci5leGFtcGxl?=\"))";
        assertEquals(
                "(NIL \"=?utf-8?B?Y2Fmw6k=?=\" " + from + " " + from + " " + from + " NIL NIL NIL NIL NIL)",
                Parsing.text(parsed.envelope()));
        assertTrue(Parsing.text(parsed.body()).contains("\"NAME\" \"=?utf-8?B?w7wudHh0?=\""));
    }

    /** Java's own decoder says what is UTF-8. */
    @Test
    void octetsAreTakenForUtf8OnlyIfTheyAre() {
        for (int octets = 0; octets < 1 << 24; octets += octets < 1 << 16 ? 1 : 251) {
            byte[] sequence = {(byte) (octets >> 16), (byte) (octets >> 8), (byte) octets};
            checkUnlabelled(sequence);
            byte[] four = {(byte) (0xF0 | octets >> 8 & 7), sequence[0], sequence[1], sequence[2]};
            checkUnlabelled(four);
        }
    }

    private static void checkUnlabelled(byte[] octets) {
        String decoded = new String(octets, StandardCharsets.UTF_8);
        boolean isUtf8 = Arrays.equals(octets, decoded.getBytes(StandardCharsets.UTF_8));
        String expected = isUtf8 ? decoded : new String(octets, Charsets.WINDOWS_1252);
        assertEquals(expected, Charsets.decodeUnlabelled(octets, 0, octets.length));
    }
}
