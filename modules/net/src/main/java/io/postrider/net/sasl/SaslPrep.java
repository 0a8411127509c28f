package io.postrider.net.sasl;

import com.ongres.saslprep.SASLprep;
import com.ongres.stringprep.Profile;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One spelling for names and passwords that look the same. RFC 4013, RFC 4616 §2 */
final class SaslPrep {
    private static final Profile profile = new SASLprep();

    private SaslPrep() {}

    /** The prepared name; the name itself where it cannot be prepared, so that it is not found rather than refused. */
    static String name(String name) {
        if (isPrintableAscii(name)) {
            return name;
        }
        try {
            return profile.prepareQuery(name);
        } catch (RuntimeException e) {
            // The library is not sparing with kinds: nothing left after mapping is an ArrayIndexOutOfBoundsException.
            return name;
        }
    }

    static boolean sameName(String one, String other) {
        return name(one).equalsIgnoreCase(name(other));
    }

    /**
     * The prepared password, in an array of its own; the octets as they came where they are not UTF-8 or hold what SASLprep
     * prohibits: people do have such passwords.
     */
    static byte[] password(byte[] octets) {
        if (isPrintableAscii(octets)) {
            return octets.clone();
        }
        char[] decoded = new char[octets.length];
        char[] prepared = null;
        try {
            CharBuffer characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            decoded = characters.array();
            prepared = profile.prepareQuery(Arrays.copyOf(decoded, characters.length()));
            ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(prepared));
            byte[] result = Arrays.copyOf(encoded.array(), encoded.remaining());
            Arrays.fill(encoded.array(), (byte) 0);
            return result;
        } catch (CharacterCodingException | RuntimeException e) {
            return octets.clone();
        } finally {
            Arrays.fill(decoded, ' ');
            if (prepared != null) {
                Arrays.fill(prepared, ' ');
            }
        }
    }

    private static boolean isPrintableAscii(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static boolean isPrintableAscii(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0x20 || octet == 0x7f) {
                return false;
            }
        }
        return true;
    }
}
