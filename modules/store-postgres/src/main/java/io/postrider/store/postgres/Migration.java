package io.postrider.store.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * One step of the schema.
 *
 * @param version from 1, without gaps
 * @param sql what it runs, several statements
 */
record Migration(int version, String name, String sql) {
    /** In order. Once released, a file is never changed: the next step is a new file. */
    static final List<Migration> ALL = List.of(
            file("001-mail-and-directory.sql"),
            file("002-maildrop-lock.sql"),
            file("003-tenants.sql"),
            file("004-credentials.sql"),
            file("005-imported-uids.sql"),
            file("006-imap.sql"),
            file("007-referrals.sql"));

    /** The version is what the file's name begins with. */
    static Migration file(String name) {
        try (InputStream file = Migration.class.getResourceAsStream("migrations/" + name)) {
            if (file == null) {
                throw new IllegalStateException("no migration " + name);
            }
            return new Migration(
                    Integer.parseInt(name.substring(0, 3)),
                    name,
                    new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String checksum() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(sql.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
