package io.postrider.pop3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message as the lines of a response, however its octets come in slices. RFC 1939 §3 */
class MessageLinesTest {
    private static final String MESSAGE = "A: b\r\n\r\none\r\n.two\r\n\r\n..three\r\n";

    @Test
    void aDotThatBeginsALineIsDoubled() {
        assertAll("A: b\r\n\r\none\r\n..two\r\n\r\n...three\r\n.\r\n", MESSAGE);
    }

    @Test
    void aDotAtTheVeryStartIsDoubled() {
        assertAll("..\r\n.\r\n", ".\r\n");
    }

    @Test
    void theEndStandsOnALineOfItsOwn() {
        assertAll("a\r\n.\r\n", "a");
        assertAll("a\r\r\n.\r\n", "a\r");
        assertAll("a\n\r\n.\r\n", "a\n");
        assertAll(".\r\n", "");
    }

    @Test
    void aDotBehindABareLineFeedDoesNotEndTheResponseForAClientThatReadsByLineFeed() {
        assertAll("a\n..\nb\n..\r\n.\r\n", "a\n.\nb\n.\r\n");
    }

    @Test
    void nulsGoOutAsSomethingOutlookCanBear() {
        assertEquals("a\u0080b\r\n.\r\n", whole(MessageLines.all(true), "a\0b\r\n"));
        assertEquals("a\0b\r\n.\r\n", whole(MessageLines.all(false), "a\0b\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"0,''", "1,one", "2,one/..two", "3,one/..two/", "4,one/..two//...three", "5,one/..two//...three"})
    void topIsTheHeaderAndSomeLines(int lines, String body) {
        String expected = "A: b\r\n\r\n" + (lines == 0 ? "" : body.replace("/", "\r\n") + "\r\n") + ".\r\n";
        assertEveryCut(expected, () -> MessageLines.top(lines, true), MESSAGE);
    }

    @Test
    void topKnowsTheEndOfAHeaderWithBareLineFeeds() {
        assertEveryCut("A: b\n\none\n\r\n.\r\n", () -> MessageLines.top(1, true), "A: b\n\none\ntwo\n");
    }

    @Test
    void topOfAMessageWithoutABodyIsTheMessage() {
        assertEveryCut("A: b\r\n.\r\n", () -> MessageLines.top(3, true), "A: b\r\n");
    }

    @Test
    void nonsenseComesBackAsItWasForBothKindsOfClient() {
        Random random = new Random(1939);
        String alphabet = "..\r\r\n\n\r\nab";
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(25); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String sent = whole(MessageLines.all(true), text.toString());
            assertTrue(sent.endsWith(".\r\n"));
            // By CRLF: the first line that is a dot alone is the last.
            assertEquals(sent.length() - 3, ("\r\n" + sent).indexOf("\r\n.\r\n"), sent);
            // By LF: unstuffing gives the octets again, but for the line end that may have been added.
            String byLineFeed = ("\n" + sent.substring(0, sent.length() - 3))
                    .replace("\n.", "\n")
                    .substring(1);
            assertTrue(byLineFeed.equals(text.toString()) || byLineFeed.equals(text + "\r\n"), text.toString());
            assertEquals(("\n" + sent).lastIndexOf("\n.\r\n"), ("\n" + sent).indexOf("\n.\r\n"), sent);
        }
    }

    private static void assertAll(String expected, String message) {
        assertEveryCut(expected, () -> MessageLines.all(true), message);
    }

    private static void assertEveryCut(String expected, Supplier<MessageLines> lines, String message) {
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        for (int first = 0; first <= octets.length; first++) {
            for (int second = first; second <= octets.length; second++) {
                String sent = whole(
                        lines.get(),
                        Arrays.copyOf(octets, first),
                        Arrays.copyOfRange(octets, first, second),
                        Arrays.copyOfRange(octets, second, octets.length));
                assertEquals(expected, sent, "cut at " + first + " and " + second);
            }
        }
    }

    private static String whole(MessageLines lines, String message) {
        return whole(lines, message.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String whole(MessageLines lines, byte[]... slices) {
        StringBuilder sent = new StringBuilder();
        for (byte[] slice : slices) {
            if (!lines.finished()) {
                sent.append(lines.next(slice).toString(StandardCharsets.ISO_8859_1));
            }
        }
        return sent.append(lines.end().toString(StandardCharsets.ISO_8859_1)).toString();
    }
}
