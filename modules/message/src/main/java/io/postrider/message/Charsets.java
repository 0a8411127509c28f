package io.postrider.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, offset, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(octets, offset, length, WINDOWS_1252);
        }
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
