package io.postrider.server.embedded;

import io.postrider.server.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks the PostgreSQL programs that lie on the class path as a tar.xz. */
final class PostgresBinaries {
    /** Written last: programs without it were not unpacked to the end. */
    private static final String COMPLETE = ".complete";

    private PostgresBinaries() {}

    /** Unpacks into {@code directory} unless that was done before. */
    static void unpack(Path directory) throws IOException {
        String archive = "/postgres-linux-" + architecture() + ".txz";
        try (InputStream octets = PostgresBinaries.class.getResourceAsStream(archive)) {
            if (octets == null) {
                throw new Problem("there is no embedded PostgreSQL for this machine (" + archive
                        + "); give --database postgresql://… instead");
            }
            String version = String.valueOf(PostgresBinaries.class.getResource(archive));
            Path complete = directory.resolve(COMPLETE);
            if (Files.exists(complete) && Files.readString(complete).equals(fileName(version))) {
                return;
            }
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(octets)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    write(tar, entry, directory.resolve(entry.getName()).normalize());
                }
            }
            Files.writeString(complete, fileName(version));
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.deleteIfExists(file);
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    /** The jar's name holds the version: another one means unpacking anew. */
    private static String fileName(String resource) {
        String jar = resource.substring(0, Math.max(0, resource.indexOf('!')));
        return jar.substring(jar.lastIndexOf('/') + 1);
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> name;
        };
    }
}
