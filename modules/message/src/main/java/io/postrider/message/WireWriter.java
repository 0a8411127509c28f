package io.postrider.message;

import java.util.Arrays;

/** Writes the pieces of IMAP responses: always 7-bit, and quoted strings only. RFC 3501 §9 */
final class WireWriter {
    private byte[] octets = new byte[512];
    private int length;

    WireWriter atom(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            octets[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    WireWriter octets(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, octets, length, more.length);
        length += more.length;
        return this;
    }

    WireWriter space() {
        room(1);
        octets[length++] = ' ';
        return this;
    }

    WireWriter number(long number) {
        return atom(Long.toString(number));
    }

    WireWriter nstring(String text) {
        return text == null ? atom("NIL") : string(text);
    }

    /** Quoted; text beyond ASCII becomes encoded words, and what no quoted string may hold becomes a space. */
    WireWriter string(String text) {
        String sevenBit = EncodedWords.encode(bounded(text));
        room(2 * sevenBit.length() + 2);
        octets[length++] = '"';
        for (int i = 0; i < sevenBit.length(); i++) {
            char c = sevenBit.charAt(i);
            if (c == '"' || c == '\\') {
                octets[length++] = '\\';
            }
            octets[length++] = (byte) (c == '\r' || c == '\n' || c == 0 ? ' ' : c);
        }
        octets[length++] = '"';
        return this;
    }

    int length() {
        return length;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(octets, length);
    }

    /** Cuts before an encoded word or a pair of surrogates rather than within. */
    private static String bounded(String text) {
        if (text.length() <= ParserLimits.STRING_CHARACTERS) {
            return text;
        }
        int end = ParserLimits.STRING_CHARACTERS;
        if (Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        int lastWord = text.lastIndexOf(' ', end) + 1;
        if (lastWord > 0 && text.startsWith("=?", lastWord)) {
            end = lastWord;
        }
        return text.substring(0, end);
    }

    private void room(int more) {
        if (octets.length - length < more) {
            octets = Arrays.copyOf(octets, Math.max(length + more, octets.length * 2));
        }
    }
}
