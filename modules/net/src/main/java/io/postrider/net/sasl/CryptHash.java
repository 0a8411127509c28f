package io.postrider.net.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** What crypt(3) has made: bcrypt, SHA-512-crypt, SHA-256-crypt, and the MD5-crypt of old. See crypt(5). */
final class CryptHash implements Verifier {
    /** 2^14 rounds take a second or so. */
    static final int MAX_BCRYPT_COST = 14;

    /** A second or so. */
    static final int MAX_SHA_ROUNDS = 1_000_000;

    static final int DEFAULT_SHA_ROUNDS = 5_000;

    /** As in libcrypt (CRYPT_MAX_PASSPHRASE_SIZE): SHA-crypt's cost grows with it. */
    static final int MAX_PASSWORD = 512;

    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final Pattern SHA = Pattern.compile(
            "\\$([56])\\$(?:rounds=(\\d{1,18})\\$)?[./A-Za-z0-9]{1,16}\\$([./A-Za-z0-9]{43}|[./A-Za-z0-9]{86})");
    private static final Pattern MD5 = Pattern.compile("\\$(?:1|apr1)\\$[./A-Za-z0-9]{1,8}\\$[./A-Za-z0-9]{22}");

    private enum Kind {
        BCRYPT,
        SHA_256,
        SHA_512,
        MD5,
        APACHE_MD5
    }

    private final Kind kind;
    private final String text;

    private CryptHash(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    static CryptHash parse(String text) {
        if (text.startsWith("$2")) {
            Matcher parts = BCRYPT.matcher(text);
            if (!parts.matches()) {
                throw Verifiers.malformed("bcrypt");
            }
            Verifiers.bounded("bcrypt", "cost", parts.group(1), 4, MAX_BCRYPT_COST);
            return new CryptHash(Kind.BCRYPT, text);
        }
        if (text.startsWith("$5$") || text.startsWith("$6$")) {
            return parseSha(text);
        }
        if (text.startsWith("$1$") || text.startsWith("$apr1$")) {
            if (!MD5.matcher(text).matches()) {
                throw Verifiers.malformed("MD5-crypt");
            }
            return new CryptHash(text.startsWith("$1$") ? Kind.MD5 : Kind.APACHE_MD5, text);
        }
        throw new IllegalArgumentException("a kind of crypt(3) hash that is not known here");
    }

    private static CryptHash parseSha(String text) {
        boolean is512 = text.startsWith("$6$");
        String name = is512 ? "SHA-512-crypt" : "SHA-256-crypt";
        Matcher parts = SHA.matcher(text);
        if (!parts.matches() || parts.group(3).length() != (is512 ? 86 : 43)) {
            throw Verifiers.malformed(name);
        }
        if (parts.group(2) != null) {
            // Fewer than 1,000 mean 1,000.
            Verifiers.bounded(name, "rounds", parts.group(2), 1, MAX_SHA_ROUNDS);
        }
        return new CryptHash(is512 ? Kind.SHA_512 : Kind.SHA_256, text);
    }

    @Override
    public boolean matches(byte[] password) {
        if (password.length > MAX_PASSWORD) {
            return false;
        }
        if (kind == Kind.BCRYPT) {
            return OpenBSDBCrypt.checkPassword(text, password);
        }
        // These wipe what they are given.
        byte[] own = password.clone();
        String computed =
                switch (kind) {
                    case SHA_256 -> Sha2Crypt.sha256Crypt(own, text);
                    case SHA_512 -> Sha2Crypt.sha512Crypt(own, text);
                    case MD5 -> Md5Crypt.md5Crypt(own, text);
                    default -> Md5Crypt.apr1Crypt(own, text);
                };
        // Behind the last "$", since rounds below 1,000 are not written as they were.
        return MessageDigest.isEqual(hashOf(computed), hashOf(text));
    }

    private static byte[] hashOf(String crypt) {
        return crypt.substring(crypt.lastIndexOf('$') + 1).getBytes(StandardCharsets.US_ASCII);
    }
}
