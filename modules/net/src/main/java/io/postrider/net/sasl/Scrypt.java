package io.postrider.net.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * scrypt (RFC 7914), as a PHC string, {@code $scrypt$ln=16,r=8,p=1$salt$hash}, and as crypt(3) writes it, {@code $7$} with N, r, p
 * in letters.
 */
final class Scrypt implements Verifier {
    /** 128·r·N octets. */
    static final long MAX_MEMORY = 256L << 20;

    /** N·r·p: some two seconds. */
    static final long MAX_WORK = 1L << 21;

    private static final String LETTERS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final Pattern PHC = Pattern.compile(
            "\\$scrypt\\$ln=(\\d{1,3}),r=(\\d{1,9}),p=(\\d{1,9})\\$([A-Za-z0-9+/]{0,86})\\$([A-Za-z0-9+/]{22,86})");
    private static final Pattern CRYPT = Pattern.compile(
            "\\$7\\$([./A-Za-z0-9])([./A-Za-z0-9]{5})([./A-Za-z0-9]{5})([./A-Za-z0-9]{0,64})\\$([./A-Za-z0-9]{43})");

    private final int logN;
    private final int r;
    private final int p;
    private final byte[] salt;
    private final byte[] hash;

    private Scrypt(int logN, int r, int p, byte[] salt, byte[] hash) {
        boolean possible = logN >= 1 && logN <= 30 && r >= 1 && p >= 1 && r <= 1 << 20 && p <= 1 << 20;
        if (!possible || (128L * r) << logN > MAX_MEMORY || ((long) r * p) << logN > MAX_WORK) {
            throw new IllegalArgumentException("scrypt with N=2^" + logN + ", r=" + Integer.toUnsignedString(r) + ", p="
                    + Integer.toUnsignedString(p) + ": needs more than " + (MAX_MEMORY >> 20)
                    + " MiB or too much time");
        }
        this.logN = logN;
        this.r = r;
        this.p = p;
        this.salt = salt;
        this.hash = hash;
    }

    static Scrypt parse(String text) {
        Matcher phc = PHC.matcher(text);
        if (phc.matches()) {
            byte[] salt;
            byte[] hash;
            try {
                salt = Base64.getDecoder().decode(phc.group(4));
                hash = Base64.getDecoder().decode(phc.group(5));
            } catch (IllegalArgumentException e) {
                throw Verifiers.malformed("scrypt");
            }
            return new Scrypt(
                    Integer.parseInt(phc.group(1)),
                    Integer.parseInt(phc.group(2)),
                    Integer.parseInt(phc.group(3)),
                    salt,
                    hash);
        }
        Matcher crypt = CRYPT.matcher(text);
        if (!crypt.matches()) {
            throw Verifiers.malformed("scrypt");
        }
        // The salt is its letters, not what they might stand for.
        return new Scrypt(
                (int) number(crypt.group(1)),
                (int) number(crypt.group(2)),
                (int) number(crypt.group(3)),
                crypt.group(4).getBytes(StandardCharsets.US_ASCII),
                octets(crypt.group(5)));
    }

    /** Six bits a letter, the lowest first. */
    private static long number(String letters) {
        long number = 0;
        for (int i = 0; i < letters.length(); i++) {
            number |= (long) LETTERS.indexOf(letters.charAt(i)) << 6 * i;
        }
        return number;
    }

    /** Three octets to four letters, the lowest first. */
    private static byte[] octets(String letters) {
        byte[] octets = new byte[letters.length() * 6 / 8];
        for (int i = 0, at = 0; at < octets.length; i += 4) {
            long bits = number(letters.substring(i, Math.min(letters.length(), i + 4)));
            for (int shift = 0; shift < 24 && at < octets.length; shift += 8) {
                octets[at++] = (byte) (bits >> shift);
            }
        }
        return octets;
    }

    @Override
    public boolean matches(byte[] password) {
        return MessageDigest.isEqual(hash, SCrypt.generate(password, salt, 1 << logN, r, p, hash.length));
    }
}
