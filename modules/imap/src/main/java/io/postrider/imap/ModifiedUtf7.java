package io.postrider.imap;

/**
 * The encoding of mailbox names on the wire: printable US-ASCII stands for itself, "&amp;-" for "&amp;", and everything else
 * for UTF-16 in a base64 whose "/" is ",". RFC 3501 §5.1.3
 *
 * <p>Each name has exactly one encoding, and only that one is read; else one mailbox would have two names.
 */
public final class ModifiedUtf7 {
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    private ModifiedUtf7() {}

    static String encode(String name) {
        StringBuilder encoded = new StringBuilder(name.length() + 8);
        int at = 0;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (c == '&') {
                encoded.append("&-");
                at++;
            } else if (isPrintable(c)) {
                encoded.append(c);
                at++;
            } else {
                at = encodeShifted(name, at, encoded);
            }
        }
        return encoded.toString();
    }

    /** @throws BadSyntax when this is no encoding of any name */
    public static String decode(String encoded) {
        if (encoded.indexOf('&') < 0 && isAllPrintable(encoded)) {
            return encoded;
        }
        StringBuilder name = new StringBuilder(encoded.length());
        int at = 0;
        while (at < encoded.length()) {
            char c = encoded.charAt(at++);
            if (c != '&') {
                name.append(c);
                continue;
            }
            int end = encoded.indexOf('-', at);
            if (end < 0) {
                throw malformed();
            }
            if (end == at) {
                name.append('&');
            } else {
                decodeShifted(encoded, at, end, name);
            }
            at = end + 1;
        }
        String decoded = name.toString();
        if (!encode(decoded).equals(encoded) || hasLoneSurrogate(decoded)) {
            throw malformed();
        }
        return decoded;
    }

    /** Encodes from {@code at} as far as shifted characters go; returns where they end. */
    private static int encodeShifted(String name, int at, StringBuilder encoded) {
        encoded.append('&');
        int bits = 0;
        int held = 0;
        while (at < name.length() && !isPrintable(name.charAt(at))) {
            bits = bits << 16 | name.charAt(at++);
            held += 16;
            while (held >= 6) {
                held -= 6;
                encoded.append(BASE64.charAt(bits >> held & 63));
            }
            bits &= (1 << held) - 1;
        }
        if (held > 0) {
            encoded.append(BASE64.charAt(bits << (6 - held) & 63));
        }
        encoded.append('-');
        return at;
    }

    private static void decodeShifted(String encoded, int from, int end, StringBuilder name) {
        int bits = 0;
        int held = 0;
        for (int at = from; at < end; at++) {
            int value = BASE64.indexOf(encoded.charAt(at));
            if (value < 0) {
                throw malformed();
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 16) {
                held -= 16;
                name.append((char) (bits >> held));
                bits &= (1 << held) - 1;
            }
        }
    }

    private static boolean isPrintable(char c) {
        return c >= 0x20 && c <= 0x7E;
    }

    private static boolean isAllPrintable(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c <= 0x7E);
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static BadSyntax malformed() {
        return new BadSyntax("Mailbox name is not modified UTF-7");
    }
}
