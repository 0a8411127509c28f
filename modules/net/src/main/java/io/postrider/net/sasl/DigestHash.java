package io.postrider.net.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A digest of password and salt, as LDAP and Dovecot write it: {@code {SSHA256}} and base64 of digest and salt. RFC 2307 §5.3
 * knows two of them. Quickly guessed from a stolen database, so accounts keep these until their first login only.
 */
final class DigestHash implements Verifier {
    static final int MAX_SALT = 64;

    private record Kind(String algorithm, int octets, boolean salted) {}

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("SHA", new Kind("SHA-1", 20, false)),
            Map.entry("SHA1", new Kind("SHA-1", 20, false)),
            Map.entry("SHA256", new Kind("SHA-256", 32, false)),
            Map.entry("SHA512", new Kind("SHA-512", 64, false)),
            Map.entry("SSHA", new Kind("SHA-1", 20, true)),
            Map.entry("SSHA256", new Kind("SHA-256", 32, true)),
            Map.entry("SSHA512", new Kind("SHA-512", 64, true)),
            Map.entry("SMD5", new Kind("MD5", 16, true)),
            Map.entry("LDAP-MD5", new Kind("MD5", 16, false)));

    private static final Pattern FORM = Pattern.compile("\\{([A-Z0-9-]{1,20})\\}([A-Za-z0-9+/]{1,256}={0,2})");

    private final Kind kind;
    private final byte[] digest;
    private final byte[] salt;

    private DigestHash(Kind kind, byte[] digest, byte[] salt) {
        this.kind = kind;
        this.digest = digest;
        this.salt = salt;
    }

    static boolean knows(String scheme) {
        return KINDS.containsKey(scheme);
    }

    static DigestHash parse(String text) {
        Matcher parts = FORM.matcher(text);
        Kind kind = parts.matches() ? KINDS.get(parts.group(1)) : null;
        if (kind == null) {
            throw new IllegalArgumentException("no digest with a {SCHEME} that is known here");
        }
        byte[] octets;
        try {
            octets = Base64.getDecoder().decode(parts.group(2));
        } catch (IllegalArgumentException e) {
            throw Verifiers.malformed("{" + parts.group(1) + "}");
        }
        int saltOctets = octets.length - kind.octets;
        if (saltOctets < 0 || saltOctets > (kind.salted ? MAX_SALT : 0)) {
            throw Verifiers.malformed("{" + parts.group(1) + "}");
        }
        return new DigestHash(
                kind, Arrays.copyOf(octets, kind.octets), Arrays.copyOfRange(octets, kind.octets, octets.length));
    }

    @Override
    public boolean matches(byte[] password) {
        try {
            MessageDigest computing = MessageDigest.getInstance(kind.algorithm);
            computing.update(password);
            return MessageDigest.isEqual(digest, computing.digest(salt));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code {SCHEME}} and the octets, as they are kept. */
    static String write(String scheme, byte[] octets) {
        return "{" + scheme + "}" + new String(Base64.getEncoder().encode(octets), StandardCharsets.US_ASCII);
    }
}
