package io.postrider.message;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Charsets by the names that mail uses.
 *
 * <p>{@link Charset#forName} is not asked: each unknown name would make it search the class path anew, and a message can
 * hold a hundred thousand unknown names.
 */
final class Charsets {
    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private Charsets() {}

    /**
     * The charset of that name, or null when it is unknown or says nothing: text called US-ASCII that is not seven bits
     * is as good as unlabelled.
     */
    static Charset named(String name) {
        if (name == null) {
            return null;
        }
        return switch (name.trim().toLowerCase(Locale.ROOT)) {
            case "utf-8", "utf8" -> StandardCharsets.UTF_8;
            case "", "us-ascii", "ascii" -> null;
            // Senders write windows-1252 and call it ISO-8859-1; the latter's own control characters are in no mail.
            case "iso-8859-1", "latin1", "windows-1252" -> WINDOWS_1252;
            default -> Others.BY_NAME.get(name.trim().toLowerCase(Locale.ROOT));
        };
    }

    /** Decodes what has no known charset: UTF-8 if it is that, or else windows-1252. */
    static String decodeUnlabelled(byte[] octets, int offset, int length) {
        Charset charset = isUtf8(octets, offset, offset + length) ? StandardCharsets.UTF_8 : WINDOWS_1252;
        return new String(octets, offset, length, charset);
    }

    /** Asked without the decoder, whose exceptions cost more than the text. RFC 3629 §4 */
    private static boolean isUtf8(byte[] octets, int from, int end) {
        int i = from;
        while (i < end) {
            int first = octets[i++];
            if (first >= 0) {
                continue;
            }
            int tails = first < (byte) 0xC2
                    ? -1
                    : first < (byte) 0xE0 ? 1 : first < (byte) 0xF0 ? 2 : first < (byte) 0xF5 ? 3 : -1;
            if (tails < 0 || end - i < tails) {
                return false;
            }
            int second = octets[i] & 0xFF;
            boolean tooLong = first == (byte) 0xE0 && second < 0xA0 || first == (byte) 0xF0 && second < 0x90;
            boolean noCharacter = first == (byte) 0xED && second > 0x9F || first == (byte) 0xF4 && second > 0x8F;
            if (tooLong || noCharacter) {
                return false;
            }
            for (int tail = 0; tail < tails; tail++) {
                if ((octets[i++] & 0xC0) != 0x80) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Every other charset this Java knows; filled when the first message asks. */
    private static final class Others {
        static final Map<String, Charset> BY_NAME = new HashMap<>();

        static {
            for (Charset charset : Charset.availableCharsets().values()) {
                charset.aliases().forEach(alias -> BY_NAME.put(alias.toLowerCase(Locale.ROOT), charset));
            }
            for (Charset charset : Charset.availableCharsets().values()) {
                BY_NAME.put(charset.name().toLowerCase(Locale.ROOT), charset);
            }
        }
    }
}
