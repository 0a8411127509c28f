package io.postrider.server.embedded;

import io.postrider.server.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL that this process starts and stops, with its data below one directory. It listens on loopback only, wants a
 * random password, and flushes to disk what it acknowledges.
 *
 * <p>Easy to get wrong: it outlives a server that was killed. Whoever holds the directory's lock is its only server, so a
 * PostgreSQL still running there is nobody's, and is stopped first.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final String NAME = "postrider";
    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;
    /** First as it should be, then by force. */
    public static final Duration LONGEST_STOP = Duration.ofSeconds(2L * STOP_SECONDS + 5);

    private static final String NOBODY = "65534";
    /** A port may be taken between our choice and PostgreSQL's start. */
    private static final int PORT_ATTEMPTS = 3;

    private final Path directory;
    private final Path programs;
    private final Path data;
    private final FileChannel lock;
    private final Runner runner;
    private String url;

    private EmbeddedDatabase(Path directory, FileChannel lock) {
        this.directory = directory;
        this.programs = directory.resolve("programs");
        this.data = directory.resolve("postgresql");
        this.lock = lock;
        this.runner = new Runner();
    }

    /** Starts it, waiting until it answers; makes its files at the first start. */
    public static EmbeddedDatabase start(Path directory) {
        try {
            Files.createDirectories(directory);
            Path real = directory.toRealPath();
            EmbeddedDatabase database = new EmbeddedDatabase(real, lock(real));
            try {
                database.start();
            } catch (IOException | RuntimeException e) {
                database.lock.close();
                throw e;
            }
            return database;
        } catch (IOException e) {
            throw new Problem("the embedded PostgreSQL in " + directory + " does not start: " + e.getMessage(), e);
        }
    }

    /** Of the one that another process runs in this directory; holds a password. */
    public static String urlOfRunning(Path directory) {
        Path file = directory.resolve("database-url");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Problem("no server has its embedded PostgreSQL in " + directory + " (no readable " + file + ")");
        }
    }

    /** {@code postgresql://…}; holds a password. */
    public String url() {
        return url;
    }

    /** Stops it and waits until its data is on disk. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(directory.resolve("database-url"));
            stop();
            lock.close();
        } catch (IOException e) {
            throw new Problem("the embedded PostgreSQL in " + directory + " does not stop: " + e.getMessage(), e);
        }
    }

    private void start() throws IOException {
        PostgresBinaries.unpack(programs);
        stopOrphan();
        String password = password();
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            initialise();
        }
        startPostmaster(password);
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
        }
        if (lock == null) {
            channel.close();
            throw new Problem(
                    "another server runs on the data in " + directory + "; stop it, or give this one its own --data");
        }
        return channel;
    }

    /**
     * postmaster.pid's number may be somebody else's by now, after a restart of the machine: only a program of ours is
     * stopped, and only another's number is forgotten, which PostgreSQL itself would not dare to.
     */
    private void stopOrphan() throws IOException {
        Optional<ProcessHandle> process = namedByPidFile();
        if (process.filter(this::isOurs).isPresent()) {
            stop();
        } else if (process.flatMap(p -> p.info().command())
                .filter(c -> !c.contains("postgres"))
                .isPresent()) {
            Files.delete(pidFile());
        }
    }

    private Optional<ProcessHandle> namedByPidFile() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        String pid = Files.readString(pidFile()).lines().findFirst().orElse("").strip();
        return pid.matches("\\d{1,10}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
    }

    private boolean isOurs(ProcessHandle process) {
        String program = programs.resolve("bin/postgres").toString();
        return process.info()
                .command()
                .filter(command -> command.startsWith(program))
                .isPresent();
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    private String password() throws IOException {
        Path file = directory.resolve("password");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            writePrivate(file, HexFormat.of().formatHex(random) + "\n");
        }
        return Files.readString(file).strip();
    }

    private static void writePrivate(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    /** Into a directory that gets its name last, so that a first start cut short begins anew. */
    private void initialise() throws IOException {
        Path beginning = directory.resolve("postgresql.new");
        deleteAll(beginning);
        runner.run(
                "initdb",
                List.of(
                        programs.resolve("bin/initdb").toString(),
                        "--pgdata=" + beginning,
                        "--username=" + NAME,
                        "--pwfile=" + directory.resolve("password"),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8"));
        Files.move(beginning, data);
    }

    private void startPostmaster(String password) throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            try {
                runner.run(
                        "pg_ctl start",
                        List.of(
                                programs.resolve("bin/pg_ctl").toString(),
                                "start",
                                "--pgdata=" + data,
                                "--wait",
                                "--timeout=" + START_SECONDS,
                                "--log=" + directory.resolve("postgresql.log"),
                                "--options=" + String.join(" ", settings(port))));
                url = "postgresql://" + NAME + ":" + password + "@127.0.0.1:" + port + "/postgres";
                writePrivate(directory.resolve("database-url"), url + "\n");
                return;
            } catch (IOException e) {
                if (attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** On the command line, so that no edited file can make it forget what was acknowledged. */
    private static List<String> settings(int port) {
        return List.of(
                "-c fsync=on",
                "-c synchronous_commit=on",
                "-c full_page_writes=on",
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=",
                "-c port=" + port,
                "-c max_connections=100",
                "-c log_min_messages=warning");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void stop() throws IOException {
        try {
            runner.run("pg_ctl stop", stopCommand("fast"));
        } catch (IOException e) {
            if (namedByPidFile().filter(this::isOurs).isPresent()) {
                // Loses nothing acknowledged: the next start recovers from the log.
                runner.run("pg_ctl stop", stopCommand("immediate"));
            }
        }
    }

    private List<String> stopCommand(String mode) {
        return List.of(
                programs.resolve("bin/pg_ctl").toString(),
                "stop",
                "--pgdata=" + data,
                "--mode=" + mode,
                "--wait",
                "--timeout=" + STOP_SECONDS);
    }

    private static void deleteAll(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Runs PostgreSQL's programs, which refuse to run as root. */
    private final class Runner {
        private List<String> prefix;

        void run(String name, List<String> command) throws IOException {
            if (prefix == null) {
                prefix = notRoot();
            }
            List<String> whole = new ArrayList<>(prefix);
            whole.addAll(command);
            Path output = directory.resolve("programs.log");
            ProcessBuilder builder = new ProcessBuilder(whole)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    // A file: the postmaster inherits it, and a pipe would never end.
                    .redirectOutput(output.toFile());
            builder.environment().put("LC_ALL", "C");
            builder.environment().keySet().removeIf(variable -> variable.startsWith("PG"));
            Process process = builder.start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(START_SECONDS + STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IOException(name + " does not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(name + " was interrupted");
            }
            if (process.exitValue() != 0) {
                throw new IOException(name + " failed: " + lastLine(output) + " (see " + output + ")");
            }
        }

        /**
         * As root: a user namespace, where root is nobody and yet owns its files. A container may forbid that; then the
         * account nobody, which the files are given to.
         */
        private List<String> notRoot() throws IOException {
            if (!"root".equals(System.getProperty("user.name"))) {
                return List.of();
            }
            if (succeeds("unshare", "--user", "true")) {
                return List.of("unshare", "--user");
            }
            if (succeeds("chown", "-R", NOBODY + ":" + NOBODY, directory.toString())) {
                return List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
            }
            throw new IOException("PostgreSQL does not run as root; start Postrider as a plain user");
        }

        private boolean succeeds(String... command) throws IOException {
            try {
                return new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted");
            } catch (IOException e) {
                // There is no such program here.
                return false;
            }
        }

        private String lastLine(Path output) throws IOException {
            try (InputStream octets = Files.newInputStream(output)) {
                String text = new String(octets.readNBytes(1 << 16), StandardCharsets.UTF_8);
                return text.lines()
                        .filter(line -> !line.isBlank())
                        .reduce((a, b) -> b)
                        .orElse("no word of why");
            }
        }
    }
}
