package io.postrider.net.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * PBKDF2 (RFC 8018 §5.2), as Dovecot writes it, {@code {PBKDF2}$1$salt$rounds$hex} with SHA-1 and the salt as it stands, and as
 * Python's passlib does, {@code $pbkdf2-sha256$rounds$salt$hash} with base64 that has "." for "+" and no padding.
 */
final class Pbkdf2 implements Verifier {
    /** Some two seconds. */
    static final int MAX_ROUNDS = 2_000_000;

    static final String DOVECOT = "{PBKDF2}";

    private static final Pattern DOVECOTS =
            Pattern.compile("\\{PBKDF2\\}\\$1\\$([!-#%-~]{1,64})\\$(\\d{1,18})\\$([0-9a-fA-F]{40})");
    private static final Pattern PASSLIBS = Pattern.compile(
            "\\$pbkdf2(|-sha256|-sha512)\\$(\\d{1,18})\\$([A-Za-z0-9./]{0,86})\\$([A-Za-z0-9./]{22,86})");

    private final Digest digest;
    private final int rounds;
    private final byte[] salt;
    private final byte[] hash;

    private Pbkdf2(Digest digest, int rounds, byte[] salt, byte[] hash) {
        this.digest = digest;
        this.rounds = rounds;
        this.salt = salt;
        this.hash = hash;
    }

    static Pbkdf2 parse(String text) {
        Matcher dovecots = DOVECOTS.matcher(text);
        if (dovecots.matches()) {
            return new Pbkdf2(
                    new SHA1Digest(),
                    rounds(dovecots.group(2)),
                    dovecots.group(1).getBytes(StandardCharsets.US_ASCII),
                    HexFormat.of().parseHex(dovecots.group(3)));
        }
        Matcher passlibs = PASSLIBS.matcher(text);
        if (!passlibs.matches()) {
            throw Verifiers.malformed("PBKDF2");
        }
        Digest digest =
                switch (passlibs.group(1)) {
                    case "-sha256" -> new SHA256Digest();
                    case "-sha512" -> new SHA512Digest();
                    default -> new SHA1Digest();
                };
        try {
            byte[] hash = decode(passlibs.group(4));
            if (hash.length != digest.getDigestSize()) {
                throw Verifiers.malformed("PBKDF2");
            }
            return new Pbkdf2(digest, rounds(passlibs.group(2)), decode(passlibs.group(3)), hash);
        } catch (IllegalArgumentException e) {
            throw e.getMessage().startsWith("PBKDF2 with") ? e : Verifiers.malformed("PBKDF2");
        }
    }

    private static int rounds(String digits) {
        return Verifiers.bounded("PBKDF2", "rounds", digits, 1, MAX_ROUNDS);
    }

    private static byte[] decode(String passlibs) {
        return Base64.getDecoder().decode(passlibs.replace('.', '+'));
    }

    @Override
    public boolean matches(byte[] password) {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(digest);
        generator.init(password, salt, rounds);
        KeyParameter key = (KeyParameter) generator.generateDerivedMacParameters(hash.length * 8);
        return MessageDigest.isEqual(hash, key.getKey());
    }
}
