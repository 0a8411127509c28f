package io.postrider.net.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A password's hash as another server keeps it: as crypt(3) and PHC strings write it, or as Dovecot does, with its
 * {@code {SCHEME}} before and perhaps an encoding, {@code {SSHA256.HEX}}.
 *
 * @param verifier as it is kept here; "" when what was given is no hash but the password itself
 * @param password when it is the password itself ({PLAIN}), which is for the caller to hash; null when it is a hash
 */
public record ForeignHash(String verifier, byte[] password) {
    private static final Set<String> PLAIN = Set.of("PLAIN", "CLEAR", "CLEARTEXT");
    private static final Set<String> CRYPT =
            Set.of("CRYPT", "SHA512-CRYPT", "SHA256-CRYPT", "BLF-CRYPT", "MD5-CRYPT", "MD5", "ARGON2I", "ARGON2ID");
    /** For mechanisms nobody should use, or so weak that the password is as good as known. */
    private static final Set<String> REFUSED = Set.of(
            "DES-CRYPT",
            "CRAM-MD5",
            "HMAC-MD5",
            "DIGEST-MD5",
            "SCRAM-SHA-1",
            "PLAIN-MD4",
            "PLAIN-TRUNC",
            "NTLM",
            "LANMAN",
            "RPA",
            "OTP",
            "SKEY");

    private static final Pattern WITH_SCHEME =
            Pattern.compile("\\{([A-Za-z0-9-]{1,20})(?:\\.(HEX|B64|BASE64))?\\}(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern CRYPTS =
            Pattern.compile("\\$(?:argon2|2[abxy]?\\$|[1567y]\\$|apr1\\$|scrypt\\$|pbkdf2).*");
    private static final Pattern DOVECOTS_SCRAM = Pattern.compile("(\\d{1,18}),([^,]+),([^,]+),([^,]+)");

    private static final Argon2 argon2 = new Argon2();

    /**
     * Reads a hash, and sees that logins can check it in bearable time. Fails with IllegalArgumentException: one line that
     * names scheme or bound, and does not repeat the hash.
     */
    public static ForeignHash parse(String text) {
        Matcher parts = WITH_SCHEME.matcher(text);
        if (!parts.matches()) {
            if (text.contains(" ")) {
                throw new IllegalArgumentException("a hash has no spaces");
            }
            return kept(text);
        }
        String scheme = parts.group(1).toUpperCase(Locale.ROOT);
        String encoding = parts.group(2) == null ? "" : parts.group(2).toUpperCase(Locale.ROOT);
        String rest = parts.group(3);
        if (PLAIN.contains(scheme)) {
            return new ForeignHash("", rest.getBytes(StandardCharsets.UTF_8));
        }
        if (DigestHash.knows(scheme) || scheme.equals("PLAIN-MD5")) {
            return digest(scheme, encoding, rest);
        }
        if (!encoding.isEmpty()) {
            throw new IllegalArgumentException("{" + scheme + "} is not taken in " + encoding);
        }
        if (CRYPT.contains(scheme)) {
            if (!rest.startsWith("$")) {
                throw new IllegalArgumentException("{" + scheme + "} of a kind that is too weak (DES) or not known");
            }
            return kept(rest);
        }
        return switch (scheme) {
            case "PBKDF2" -> kept(Pbkdf2.DOVECOT + rest);
            case "SCRAM-SHA-256" -> scram(rest);
            default ->
                throw new IllegalArgumentException("{" + scheme + "} is not "
                        + (REFUSED.contains(scheme) ? "taken: that account needs a new password" : "known"));
        };
    }

    /** Whether somebody must have taken a hash for a password. */
    public static boolean looksLikeOne(String text) {
        if (text.startsWith(ScramVerifier.PREFIX) || CRYPTS.matcher(text).matches()) {
            return true;
        }
        Matcher parts = WITH_SCHEME.matcher(text);
        if (!parts.matches()) {
            return false;
        }
        String scheme = parts.group(1).toUpperCase(Locale.ROOT);
        return PLAIN.contains(scheme)
                || CRYPT.contains(scheme)
                || REFUSED.contains(scheme)
                || DigestHash.knows(scheme)
                || Set.of("PLAIN-MD5", "PBKDF2", "SCRAM-SHA-256").contains(scheme);
    }

    private static ForeignHash kept(String verifier) {
        if (verifier.startsWith("$y$") || verifier.startsWith("$gy$")) {
            throw new IllegalArgumentException("yescrypt is not taken: that account needs a new password");
        }
        Verifiers.parse(verifier, argon2);
        return new ForeignHash(verifier, null);
    }

    private static ForeignHash digest(String scheme, String encoding, String rest) {
        boolean hex = encoding.equals("HEX") || encoding.isEmpty() && scheme.equals("PLAIN-MD5");
        byte[] octets;
        try {
            octets = hex ? HexFormat.of().parseHex(rest) : Base64.getDecoder().decode(rest);
        } catch (IllegalArgumentException e) {
            throw Verifiers.malformed("{" + scheme + "}");
        }
        return kept(DigestHash.write(scheme.equals("PLAIN-MD5") ? "LDAP-MD5" : scheme, octets));
    }

    private static ForeignHash scram(String dovecots) {
        Matcher parts = DOVECOTS_SCRAM.matcher(dovecots);
        if (!parts.matches()) {
            throw Verifiers.malformed("SCRAM-SHA-256");
        }
        return kept(ScramVerifier.PREFIX + parts.group(1) + ":" + parts.group(2) + "$" + parts.group(3) + ":"
                + parts.group(4));
    }

    @Override
    public String toString() {
        return "ForeignHash";
    }
}
