package io.postrider.message;

import java.nio.charset.StandardCharsets;

/** Turns the octets of a field's value into text. */
final class HeaderText {
    private HeaderText() {}

    /**
     * The value unfolded (RFC 5322 §2.2.3) and without white space around it. It holds no CR, LF or NUL; encoded words
     * stay as they are. Octets beyond ASCII are UTF-8 (RFC 6532) or, where they are not, windows-1252.
     */
    static String value(byte[] octets, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(octets[start])) {
            start++;
        }
        while (end > start && isBlank(octets[end - 1])) {
            end--;
        }
        boolean ascii = true;
        boolean plain = true;
        for (int i = start; i < end; i++) {
            byte octet = octets[i];
            ascii &= octet >= 0;
            plain &= octet != '\n' && octet != '\r' && octet != 0;
        }
        if (!plain) {
            return unfolded(octets, start, end, ascii);
        }
        return text(octets, start, end - start, ascii);
    }

    private static String unfolded(byte[] octets, int start, int end, boolean ascii) {
        byte[] kept = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            byte octet = octets[i];
            if (octet == '\n' || octet == '\r' && octets[i + 1] == '\n') {
                continue;
            }
            kept[length++] = octet == '\r' || octet == 0 ? (byte) ' ' : octet;
        }
        return text(kept, 0, length, ascii);
    }

    private static String text(byte[] octets, int start, int length, boolean ascii) {
        return ascii
                ? new String(octets, start, length, StandardCharsets.ISO_8859_1)
                : Charsets.decodeUnlabelled(octets, start, length);
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n' || octet == 0;
    }
}
