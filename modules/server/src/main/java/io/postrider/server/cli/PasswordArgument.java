package io.postrider.server.cli;

import io.postrider.net.sasl.ForeignHash;
import io.postrider.net.sasl.Passwords;
import io.postrider.server.Problem;
import io.vertx.core.Future;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** A password that never stands on a command line, where others could read it: from a file, a prompt, or standard input. */
final class PasswordArgument {
    /** Octets; as much as a login takes with ease. */
    static final int MAX_PASSWORD = 1024;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description =
                    "Its first line is the password. Without: asked for on a terminal, else read from standard input.")
    private Path file;

    @Option(
            names = "--hash",
            description =
                    "What is read is no password but its hash, from another server: {SSHA512}..., $6$..., $2y$... and others.")
    private boolean isHash;

    /**
     * A password, or its hash.
     *
     * @param hash null for a password
     */
    record Given(byte[] password, String hash) {
        /** Fails with a {@link Problem} when it can be neither. */
        static Given password(String text) {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            check(octets);
            return new Given(octets, null);
        }

        /** Fails with a {@link Problem} that does not repeat it. */
        static Given hash(String text) {
            try {
                ForeignHash hash = ForeignHash.parse(text);
                return hash.password() == null
                        ? new Given(null, hash.verifier())
                        : password(new String(hash.password(), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new Problem("the hash: " + e.getMessage());
            }
        }

        /** As it is kept. */
        Future<String> verifier(Passwords passwords) {
            return hash != null ? Future.succeededFuture(hash) : passwords.hash(password);
        }
    }

    Given read() {
        try {
            String text = file != null ? firstLine(file) : fromUser();
            return isHash ? Given.hash(text.strip()) : Given.password(text);
        } catch (IOException e) {
            throw new Problem("the password cannot be read from " + (file == null ? "standard input" : file), e);
        }
    }

    /** Fails with a {@link Problem} when it cannot be a password. */
    static void check(byte[] password) {
        if (password.length == 0) {
            throw new Problem("the password is empty");
        }
        if (password.length > MAX_PASSWORD) {
            throw new Problem("the password is longer than " + MAX_PASSWORD + " octets");
        }
        for (byte octet : password) {
            if (octet == 0) {
                // SASL PLAIN cannot carry it. RFC 4616 §2
                throw new Problem("the password holds a NUL");
            }
        }
    }

    private static String fromUser() throws IOException {
        Console console = System.console();
        if (console == null) {
            return firstLine(System.in);
        }
        char[] once = console.readPassword("Password: ");
        char[] again = console.readPassword("Again: ");
        if (once == null || !Arrays.equals(once, again)) {
            throw new Problem("the two passwords differ");
        }
        return new String(once);
    }

    private static String firstLine(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return firstLine(in);
        }
    }

    private static String firstLine(InputStream in) throws IOException {
        byte[] octets = in.readNBytes(MAX_PASSWORD + 2);
        int end = 0;
        while (end < octets.length && octets[end] != '\n') {
            end++;
        }
        if (end > 0 && octets[end - 1] == '\r') {
            end--;
        }
        return new String(octets, 0, end, StandardCharsets.UTF_8);
    }
}
