package io.postrider.server.maildir;

import io.postrider.store.FetchedMessage;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/** By what a message without a UID is known again: its date, its size and its first octets. */
final class Fingerprint {
    private static final int BEGINNING = 4096;

    private Fingerprint() {}

    /** @param message with its first octets */
    static String of(FetchedMessage message) {
        Buffer header = message.header();
        int ofHeader = Math.min(BEGINNING, header.length());
        MessageDigest digest = sha256();
        digest.update(header.getBytes(0, ofHeader));
        digest.update(message.firstOctets()
                .getBytes(
                        0, Math.min(BEGINNING - ofHeader, message.firstOctets().length())));
        return named(message.message().internalDate(), message.message().size(), digest);
    }

    static String of(MaildirFile file) throws IOException {
        MessageDigest digest = sha256();
        long size = 0;
        try (InputStream octets = Files.newInputStream(file.path())) {
            CrlfStream lines = new CrlfStream(octets, BEGINNING);
            for (Buffer some = lines.next(); some != null; some = lines.next()) {
                if (size < BEGINNING) {
                    digest.update(some.getBytes(0, (int) Math.min(BEGINNING - size, some.length())));
                }
                size += some.length();
            }
        }
        return named(file.date(), size, digest);
    }

    private static String named(Instant date, long size, MessageDigest digest) {
        return date.getEpochSecond() + " " + size + " " + HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
