package io.postrider.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Keys of the API: 256 random bits, so that a plain SHA-256 of them tells nothing. The key itself is shown once. */
public final class ApiKeys {
    private static final String PREFIX = "postrider_";
    private static final int OCTETS = 32;
    private static final SecureRandom random = new SecureRandom();

    private ApiKeys() {}

    public static String generate() {
        byte[] bits = new byte[OCTETS];
        random.nextBytes(bits);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    public static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
