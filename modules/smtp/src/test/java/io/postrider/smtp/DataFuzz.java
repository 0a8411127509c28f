package io.postrider.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Fuzzed: the message behind DATA ends at the same octet however its octets are cut. {@code benchmarks/fuzz} runs it. */
public final class DataFuzz {
    private DataFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] octets = Arrays.copyOfRange(input, 1, input.length);
        String whole = read(octets, Math.max(1, octets.length));
        assertEquals(whole, read(octets, 1 + (input[0] & 0x1F)));
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        boolean ends = text.startsWith(".\r\n") || text.contains("\r\n.\r\n");
        assertEquals(ends, whole.startsWith("ended"), "only CRLF.CRLF ends it");
    }

    private static String read(byte[] octets, int piece) {
        DotReader reader = new DotReader();
        StringBuilder content = new StringBuilder();
        int at = 0;
        while (at < octets.length && !reader.ended()) {
            byte[] cut = Arrays.copyOfRange(octets, at, Math.min(octets.length, at + piece));
            reader.read(cut);
            content.append(new String(cut, 0, reader.contentEnd(), StandardCharsets.ISO_8859_1));
            at += reader.next();
        }
        // Behind a bare CR or LF the message is refused, and its octets do not matter.
        return (reader.ended() ? "ended at " : "goes on at ") + at + " "
                + (reader.hasBareLineEnd() ? "to be refused" : content);
    }
}
