package io.postrider.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A PostgreSQL of a test's own, to be stopped, killed, demoted and promoted; it keeps its port and its data. All is in the
 * database {@code postgres}.
 */
public final class PostgresServer implements AutoCloseable {
    private static final int FIRST_PORT = 20_000;
    /** What the kernel gives out by itself begins behind it. */
    private static final int LAST_PORT = 32_000;

    /** Where the programs are unpacked, once: by name the user's own, since nobody may write where another has unpacked them. */
    static final Path PROGRAMS =
            Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg-" + System.getProperty("user.name"));

    private final Path data;
    private final int port = freePort();
    private EmbeddedPostgres running;

    private PostgresServer(Path data) {
        this.data = data;
    }

    /** A new one, started, with its data in a directory that does not exist yet. */
    public static PostgresServer create(Path data) {
        PostgresServer server = new PostgresServer(data);
        server.start();
        return server;
    }

    /** Another one with a copy of this one's data; this one must be stopped. */
    public PostgresServer copy(Path to) {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(data.relativize(file).toString()));
            }
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PostgresServer(to);
    }

    /** 127.0.0.1:port */
    public String place() {
        return "127.0.0.1:" + port;
    }

    /** Of one database on several servers. */
    public static String url(PostgresServer... servers) {
        return "postgresql://postgres:postgres@"
                + String.join(",", Stream.of(servers).map(PostgresServer::place).toList()) + "/postgres";
    }

    /** Waits until it answers. */
    public void start() {
        try {
            running = builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setServerConfig("max_connections", "100")
                    .setServerConfig("shared_buffers", "16MB")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As an administrator stops it: connections are ended, standbys get everything. */
    public void stop() {
        try {
            running.close();
            running = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL for all of its processes at once. */
    public void kill() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
            ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
            List<ProcessHandle> children = postmaster.descendants().toList();
            postmaster.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            postmaster.onExit().join();
            // Finds nothing to stop, but lets go of the directory.
            stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From its next start on it is a standby of that one. */
    public void follow(PostgresServer primary) {
        try {
            Files.writeString(data.resolve("standby.signal"), "");
            Files.writeString(
                    data.resolve("postgresql.auto.conf"),
                    "\nprimary_conninfo = 'host=127.0.0.1 port=" + primary.port + " user=postgres password=postgres'\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A standby becomes a primary. */
    public void promote() {
        queryOne("select pg_promote(true, 30)");
    }

    /** Runs SQL, waiting for it. */
    public void execute(String sql) {
        try (Connection connection = running.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the first row, as text; null when there is no row. */
    public String queryOne(String sql) {
        try (Connection connection = running.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        if (running != null) {
            stop();
        }
    }

    /** For any PostgreSQL of the tests. */
    static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder().setOverrideWorkingDirectory(PROGRAMS.toFile());
    }

    private static int freePort() {
        for (int attempt = 0; ; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException e) {
                if (attempt == 100) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
