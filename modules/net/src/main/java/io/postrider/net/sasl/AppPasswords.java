package io.postrider.net.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Passwords for one program each, made by us: {@code app-} and 26 letters and digits, no spaces, nothing to confuse and no capitals,
 * since phones like to begin with one. That is 130 bits by chance. Nobody guesses them, however fast: so a plain SHA-256 is
 * verifier enough, and an account with many of them costs a login nothing.
 */
public final class AppPasswords {
    private static final String PREFIX = "app-";
    private static final String LETTERS = "abcdefghijkmnopqrstuvwxyz2345678";
    private static final int LENGTH = 26;
    private static final String SCHEME = "{APP}";

    private static final SecureRandom random = new SecureRandom();

    private AppPasswords() {}

    /** Shown once, and never kept. */
    public static String generate() {
        StringBuilder password = new StringBuilder(PREFIX);
        for (int i = 0; i < LENGTH; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }

    /** What is kept of one. */
    public static String verifier(String password) {
        return verifier(password.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether it may be one; few passwords that are none look so, and nothing but time is lost. */
    static boolean looksLikeOne(byte[] password) {
        if (password.length != PREFIX.length() + LENGTH) {
            return false;
        }
        for (int i = 0; i < PREFIX.length(); i++) {
            if (lower(password[i]) != PREFIX.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean matches(String verifier, byte[] password) {
        return MessageDigest.isEqual(
                verifier.getBytes(StandardCharsets.US_ASCII), verifier(password).getBytes(StandardCharsets.US_ASCII));
    }

    private static String verifier(byte[] password) {
        byte[] plain = new byte[password.length];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = lower(password[i]);
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(plain);
            return SCHEME + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 'a' - 'A') : octet;
    }
}
