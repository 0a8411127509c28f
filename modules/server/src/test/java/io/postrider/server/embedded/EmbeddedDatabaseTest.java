package io.postrider.server.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.Problem;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
    @TempDir
    static Path directory;

    private EmbeddedDatabase database;

    @AfterEach
    void stop() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    void whatItAcknowledgesIsFlushedAndNobodyElseGetsIn() throws Exception {
        database = EmbeddedDatabase.start(directory);
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            assertEquals("on", ask(database.url(), "show " + setting), setting);
        }
        assertEquals("127.0.0.1", ask(database.url(), "show listen_addresses"));
        assertEquals("", ask(database.url(), "show unix_socket_directories"));
        assertEquals("UTF8", ask(database.url(), "show server_encoding"));
        assertEquals("é", ask(database.url(), "select lower('É')"));
        String wrong = database.url().replaceFirst(":[0-9a-f]+@", ":wrong@");
        assertNotEquals(database.url(), wrong);
        SQLException refused = assertThrows(SQLException.class, () -> ask(wrong, "select 1"));
        assertEquals("28P01", refused.getSQLState());
        for (String secret : List.of("password", "database-url")) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(secret))));
        }
        assertEquals(database.url(), EmbeddedDatabase.urlOfRunning(directory));
    }

    @Test
    void dataIsThereAgainAtTheNextStart() throws Exception {
        database = EmbeddedDatabase.start(directory);
        run(database.url(), "create table if not exists kept as select 42 as answer");
        String first = database.url();
        database.close();
        assertThrows(SQLException.class, () -> ask(first, "select 1"));
        assertThrows(Problem.class, () -> EmbeddedDatabase.urlOfRunning(directory));
        database = EmbeddedDatabase.start(directory);
        assertEquals("42", ask(database.url(), "select answer from kept"));
    }

    @Test
    void twoServersOnOneDirectoryAreRefused() {
        database = EmbeddedDatabase.start(directory);
        Problem problem = assertThrows(Problem.class, () -> EmbeddedDatabase.start(directory));
        assertTrue(problem.getMessage().startsWith("another server runs on the data in "), problem.getMessage());
    }

    /** Another process, since the lock of a directory goes with its process. */
    @Test
    void anOrphanOfAKilledServerIsFoundAndStopped() throws Exception {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "killed.log"))
                .start();
        String orphan = waitForUrl(server);
        run(orphan, "create table if not exists acknowledged as select 7 as answer");
        server.destroyForcibly();
        assertTrue(server.waitFor(10, TimeUnit.SECONDS));
        assertEquals("7", ask(orphan, "select answer from acknowledged"), "PostgreSQL should outlive its server");

        database = EmbeddedDatabase.start(directory);
        assertEquals("7", ask(database.url(), "select answer from acknowledged"));
        assertThrows(SQLException.class, () -> ask(orphan, "select 1"));
    }

    @Test
    void aProcessIdThatIsSomebodyElsesNowIsLeftAlone() throws Exception {
        database = EmbeddedDatabase.start(directory);
        database.close();
        Process bystander = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(
                    directory.resolve("postgresql/postmaster.pid"),
                    bystander.pid() + "\n" + directory.resolve("postgresql") + "\n1\n1\n\n127.0.0.1\n\n");
            database = EmbeddedDatabase.start(directory);
            assertEquals("1", ask(database.url(), "select 1"));
            assertTrue(bystander.isAlive());
        } finally {
            bystander.destroy();
        }
    }

    @Test
    void aFirstStartCutShortBeginsAnew(@TempDir Path fresh) throws Exception {
        Files.createDirectories(fresh.resolve("postgresql.new/base"));
        Files.writeString(fresh.resolve("postgresql.new/base/half"), "x");
        database = EmbeddedDatabase.start(fresh);
        assertEquals("1", ask(database.url(), "select 1"));
        assertFalse(Files.exists(fresh.resolve("postgresql.new")));
    }

    private static String waitForUrl(Process server) throws Exception {
        Path file = directory.resolve("database-url");
        for (int i = 0; i < 600 && server.isAlive(); i++) {
            if (Files.exists(file) && Files.readString(file).endsWith("\n")) {
                return Files.readString(file).strip();
            }
            Thread.sleep(100);
        }
        throw new AssertionError(Files.readString(directory.resolve("killed.log")));
    }

    private static String ask(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void run(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String url) throws SQLException {
        URI uri = URI.create(url);
        String[] login = uri.getUserInfo().split(":");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath(), login[0], login[1]);
    }

    /** Starts it and waits to be killed. */
    static final class Killed {
        private Killed() {}

        public static void main(String[] arguments) throws InterruptedException {
            EmbeddedDatabase.start(Path.of(arguments[0]));
            Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        }
    }
}
