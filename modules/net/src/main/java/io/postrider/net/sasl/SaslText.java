package io.postrider.net.sasl;

import io.postrider.net.sasl.AuthenticationException.Kind;
import java.util.Base64;

/** SASL's octets as IMAP, POP3 and SMTP write them: base64, one line. RFC 4422 §4 */
public final class SaslText {
    private static final int MAX_TEXT = (SaslExchange.MAX_RESPONSE + 2) / 3 * 4;

    private SaslText() {}

    /** A response line; fails with MALFORMED, or with CANCELLED when it is "*". */
    public static byte[] decode(String text) {
        if (text.equals("*")) {
            throw new AuthenticationException(Kind.CANCELLED, "authentication cancelled");
        }
        if (text.length() > MAX_TEXT) {
            throw new AuthenticationException(Kind.MALFORMED, "response too long");
        }
        // Java's decoder would let padding be missing. RFC 4648 §3.2
        if (text.length() % 4 != 0) {
            throw notBase64();
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw notBase64();
        }
    }

    /** An initial response, where "=" stands for an empty one. RFC 4959 §3, RFC 5034 §4, RFC 4954 §4 */
    public static byte[] decodeInitial(String text) {
        return text.equals("=") ? new byte[0] : decode(text);
    }

    /** A challenge. */
    public static String encode(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    private static AuthenticationException notBase64() {
        return new AuthenticationException(Kind.MALFORMED, "not base64");
    }
}
