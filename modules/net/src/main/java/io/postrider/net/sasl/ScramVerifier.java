package io.postrider.net.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the server keeps for SCRAM-SHA-256 (RFC 5802 §3, RFC 7677), written as {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}
 * (RFC 5803 §2, and what PostgreSQL has). Who steals it can guess at the password, but cannot log in with it.
 */
record ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) implements Verifier {
    static final String PREFIX = "SCRAM-SHA-256$";

    /** RFC 7677 §4. Clients refuse less. */
    static final int MIN_ITERATIONS = 4_096;

    /** Some two seconds, and as many for the client. */
    static final int MAX_ITERATIONS = 2_000_000;

    static final int SALT_OCTETS = 16;
    static final int OCTETS = 32;

    private static final String MAC = "HmacSHA256";
    private static final SecureRandom random = new SecureRandom();
    private static final Pattern FORM = Pattern.compile(
            "SCRAM-SHA-256\\$(\\d{1,18}):([A-Za-z0-9+/]{4,88}={0,2})\\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)");

    static ScramVerifier parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw Verifiers.malformed("SCRAM-SHA-256");
        }
        int iterations =
                Verifiers.bounded("SCRAM-SHA-256", "iterations", parts.group(1), MIN_ITERATIONS, MAX_ITERATIONS);
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            return new ScramVerifier(
                    iterations,
                    base64.decode(parts.group(2)),
                    base64.decode(parts.group(3)),
                    base64.decode(parts.group(4)));
        } catch (IllegalArgumentException e) {
            throw Verifiers.malformed("SCRAM-SHA-256");
        }
    }

    /** Takes as long as the iterations. */
    static ScramVerifier of(byte[] password, int iterations) {
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        return of(password, iterations, salt);
    }

    static ScramVerifier of(byte[] password, int iterations, byte[] salt) {
        byte[] salted = salted(password, salt, iterations);
        byte[] stored = digest(hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII)));
        byte[] server = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(salted, (byte) 0);
        return new ScramVerifier(iterations, salt, stored, server);
    }

    /** One that no password is known for, with this salt. */
    static ScramVerifier ofNobody(int iterations, byte[] salt) {
        byte[] stored = new byte[OCTETS];
        byte[] server = new byte[OCTETS];
        random.nextBytes(stored);
        random.nextBytes(server);
        return new ScramVerifier(iterations, salt, stored, server);
    }

    @Override
    public boolean matches(byte[] password) {
        return MessageDigest.isEqual(storedKey, of(password, iterations, salt).storedKey);
    }

    /** Whether the client that sent this proof knows the password. RFC 5802 §3 */
    boolean proves(byte[] proof, byte[] authMessage) {
        if (proof.length != OCTETS) {
            return false;
        }
        byte[] clientKey = hmac(storedKey, authMessage);
        for (int i = 0; i < OCTETS; i++) {
            clientKey[i] ^= proof[i];
        }
        return MessageDigest.isEqual(storedKey, digest(clientKey));
    }

    byte[] serverSignature(byte[] authMessage) {
        return hmac(serverKey, authMessage);
    }

    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getEncoder();
        return PREFIX + iterations + ":" + base64.encodeToString(salt) + "$" + base64.encodeToString(storedKey) + ":"
                + base64.encodeToString(serverKey);
    }

    /** Hi(): PBKDF2 of one block. RFC 5802 §2.2 */
    private static byte[] salted(byte[] password, byte[] salt, int iterations) {
        try {
            Mac mac = mac(password);
            mac.update(salt);
            byte[] u = mac.doFinal(new byte[] {0, 0, 0, 1});
            byte[] result = u.clone();
            for (int i = 1; i < iterations; i++) {
                mac.update(u);
                mac.doFinal(u, 0);
                for (int k = 0; k < OCTETS; k++) {
                    result[k] ^= u[k];
                }
            }
            return result;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            return mac(key).doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mac mac(byte[] key) throws NoSuchAlgorithmException, InvalidKeyException {
        Mac mac = Mac.getInstance(MAC);
        // A key of no octets is one of zeros, but not to the JDK.
        mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, MAC));
        return mac;
    }

    private static byte[] digest(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
