package io.postrider.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Where a certificate and its private key lie. What cannot be used is an IllegalArgumentException, one line. */
record CertificatePair(Path certificate, Path key) {
    /** Octets of a PEM file; a chain has some thousands. */
    static final int MAX_FILE = 1 << 20;

    /** What lay there. */
    record Pem(byte[] certificate, byte[] key) {
        /** Tells whether it is still the same; says nothing about the key. */
        String digest() {
            try {
                MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                sha256.update(certificate);
                sha256.update((byte) 0);
                return HexFormat.of().formatHex(sha256.digest(key));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    Pem read() {
        return new Pem(octets(certificate, "certificate"), octets(key, "key"));
    }

    KeyAndChain parse(Pem pem) {
        try {
            return KeyAndChain.parse(text(pem.certificate()), text(pem.key()));
        } catch (IllegalArgumentException e) {
            throw unusable(e.getMessage());
        }
    }

    IllegalArgumentException unusable(String why) {
        return new IllegalArgumentException("cannot use certificate " + certificate + " with key " + key + ": " + why);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private byte[] octets(Path file, String what) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_FILE + 1);
            if (octets.length > MAX_FILE) {
                throw unusable(file + " is larger than " + MAX_FILE + " octets");
            }
            return octets;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + what + " " + file);
        }
    }
}
