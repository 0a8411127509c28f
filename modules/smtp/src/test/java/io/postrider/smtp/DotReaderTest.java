package io.postrider.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a message ends behind DATA, however its octets are cut. RFC 5321 §4.5.2 */
class DotReaderTest {
    private record Read(String content, String rest, boolean ended, boolean bareLineEnd) {}

    @Test
    void takesOffTheDotThatHidesADot() {
        assertEveryCut("a\r\n..b\r\n...\r\n.\r\nQUIT\r\n", new Read("a\r\n.b\r\n..\r\n", "QUIT\r\n", true, false));
    }

    @Test
    void anEmptyMessageIsADotAlone() {
        assertEveryCut(".\r\nMAIL", new Read("", "MAIL", true, false));
    }

    @Test
    void takesOffTheDotEvenWhereNoneHadToBeHidden() {
        assertEveryCut(".a\r\n.\r\n", new Read("a\r\n", "", true, false));
    }

    @Test
    void keepsAnyOctet() {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            if (c != '\r' && c != '\n') {
                all.append(c);
            }
        }
        assertEveryCut(all + "\r\n.\r\nx", new Read(all + "\r\n", "x", true, false));
    }

    /** What some server or other has taken for the end of a message. RFC 5321 §4.1.1.4 knows CRLF.CRLF alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n.\nMAIL FROM:<x@y>\r\n",
                "a\n.\r\nMAIL FROM:<x@y>\r\n",
                "a\r\n.\nMAIL FROM:<x@y>\r\n",
                "a\r.\rMAIL FROM:<x@y>\r\n",
                "a\r.\r\nMAIL FROM:<x@y>\r\n",
                "a\r\n.\rMAIL FROM:<x@y>\r\n",
                "a\r\r\n.\r\r\nMAIL FROM:<x@y>\r\n",
                "a\n\r.\n\rMAIL FROM:<x@y>\r\n",
                "a\r\n.\r\rMAIL FROM:<x@y>\r\n",
                "a\r\n\0.\r\n\nMAIL FROM:<x@y>\r\n",
                "\n.\r\nMAIL FROM:<x@y>\r\n",
                ".\n.\r\rMAIL FROM:<x@y>\r\n",
            })
    void nothingElseEndsAMessageAndAllOfItIsRemembered(String smuggled) {
        byte[] octets = (smuggled + "\r\n.\r\nNOOP\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut <= octets.length; cut++) {
            Read read = read(Arrays.copyOf(octets, cut), Arrays.copyOfRange(octets, cut, octets.length));
            assertTrue(read.bareLineEnd(), smuggled);
            assertEquals("NOOP\r\n", read.rest(), smuggled);
        }
    }

    @Test
    void agreesWithTheRuleOnNonsense() {
        Random random = new Random(5321);
        String alphabet = "..\r\r\n\nab";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            int end = ("\r\n" + text).indexOf("\r\n.\r\n");
            byte[] octets = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            int cut = random.nextInt(octets.length + 1);
            Read read = read(Arrays.copyOf(octets, cut), Arrays.copyOfRange(octets, cut, octets.length));
            assertEquals(end >= 0, read.ended(), text.toString());
            if (end >= 0) {
                String content = text.substring(0, end);
                boolean bare = content.replace("\r\n", "").matches("(?s).*[\r\n].*");
                assertEquals(bare, read.bareLineEnd(), text.toString());
                assertEquals(text.substring(end + 3), read.rest(), text.toString());
                if (!bare) {
                    assertEquals(("\r\n" + content).replace("\r\n.", "\r\n").substring(2), read.content());
                }
            }
        }
    }

    private static void assertEveryCut(String text, Read expected) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int first = 0; first <= octets.length; first++) {
            for (int second = first; second <= octets.length; second++) {
                Read read = read(
                        Arrays.copyOf(octets, first),
                        Arrays.copyOfRange(octets, first, second),
                        Arrays.copyOfRange(octets, second, octets.length));
                assertEquals(expected, read, "cut at " + first + " and " + second);
            }
        }
    }

    private static Read read(byte[]... pieces) {
        DotReader reader = new DotReader();
        StringBuilder content = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        for (byte[] piece : pieces) {
            if (reader.ended()) {
                rest.append(new String(piece, StandardCharsets.ISO_8859_1));
                continue;
            }
            reader.read(piece);
            assertFalse(reader.contentEnd() > reader.next());
            content.append(new String(piece, 0, reader.contentEnd(), StandardCharsets.ISO_8859_1));
            rest.append(new String(piece, reader.next(), piece.length - reader.next(), StandardCharsets.ISO_8859_1));
        }
        return new Read(content.toString(), rest.toString(), reader.ended(), reader.hasBareLineEnd());
    }
}
