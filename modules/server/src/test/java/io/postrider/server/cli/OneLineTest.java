package io.postrider.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.embedded.EmbeddedDatabase;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a server from starting is one line that says what to do, and never a password or a stack trace. */
class OneLineTest {
    @TempDir
    static Path directory;

    private static TestDatabase database;

    @BeforeAll
    static void migrate() {
        database = TestDatabase.create();
        assertEquals(0, CommandRun.of("migrate", "--database", database.url()).status());
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Test
    void noDatabaseGiven() {
        assertTrue(CommandRun.of("account", "list").problem().startsWith("postrider: no database: give --database"));
    }

    @Test
    void databaseDown() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String problem = serve("postgresql://p:hunter2@127.0.0.1:" + port + "/mail");
        assertTrue(problem.contains(" 127.0.0.1:" + port + "/mail "), problem);
        assertTrue(problem.contains("Connection refused"), problem);
        assertFalse(problem.contains("hunter2"), problem);
    }

    @Test
    void wrongPassword() {
        try (EmbeddedDatabase embedded = EmbeddedDatabase.start(directory.resolve("embedded"))) {
            String problem = serve(embedded.url().replaceFirst(":[0-9a-f]+@", ":hunter2@"));
            assertTrue(problem.contains("password authentication failed for user \"postrider\""), problem);
            assertFalse(problem.contains("hunter2"), problem);
        }
    }

    @Test
    void noSuchDatabase() {
        String problem = serve(database.url().replaceFirst("/[^/]*$", "/no_such_database"));
        assertTrue(problem.contains("database \"no_such_database\" does not exist"), problem);
    }

    @Test
    void emptyDatabase() {
        try (TestDatabase empty = TestDatabase.create()) {
            String problem = serve(empty.url());
            assertTrue(problem.endsWith("it holds no Postrider schema; run `postrider migrate`"), problem);
        }
    }

    @Test
    void newerAndHalfMigratedSchema() {
        try (TestDatabase other = TestDatabase.create()) {
            CommandRun.of("migrate", "--database", other.url());
            other.execute("insert into schema_version select 9999, 'later.sql', '0' from schema_version limit 1");
            String newer = serve(other.url());
            assertTrue(newer.contains("the schema is version 9999; this Postrider knows version"), newer);
            other.execute("delete from schema_version where version = 9999");
            other.execute("create table all_versions as table schema_version");
            other.execute("delete from schema_version where version = 1");
            String half = serve(other.url());
            assertTrue(half.contains("half migrated"), half);
            assertTrue(CommandRun.of("migrate", "--database", other.url())
                    .problem()
                    .contains("half migrated"));
            other.execute("insert into schema_version select * from all_versions where version = 1");
            other.execute("update schema_version set checksum = 'other' where version = 1");
            String changed = serve(other.url());
            assertTrue(changed.contains("was another file when it ran"), changed);
            assertTrue(CommandRun.of("migrate", "--database", other.url())
                    .problem()
                    .contains("another file"));
        }
    }

    @Test
    void portInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String yaml = OFF.replace(
                    "imap: {enabled: false}", "imap: {host: 127.0.0.1, port: " + taken.getLocalPort() + "}");
            assertEquals(
                    "postrider: listener imap cannot listen on 127.0.0.1 port " + taken.getLocalPort()
                            + ": the port is in use",
                    serve(database.url(), yaml));
            assertEquals(
                    "postrider: listener http cannot listen on 127.0.0.1 port " + taken.getLocalPort()
                            + ": the port is in use",
                    serve(database.url(), OFF.replace("enabled: false} #http", "port: " + taken.getLocalPort() + "}")));
        }
    }

    @Test
    void certificatesThatAreNone() throws IOException {
        TestCertificate good = TestCertificate.create(directory, "localhost");
        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense\n");
        String certificate =
                serve(database.url(), OFF + "tls: {certificate: " + nonsense + ", key: " + good.key() + "}\n");
        assertTrue(certificate.startsWith("postrider: tls.certificate " + nonsense), certificate);
        String key =
                serve(database.url(), OFF + "tls: {certificate: " + good.certificate() + ", key: " + nonsense + "}\n");
        assertTrue(key.contains("tls.key " + nonsense), key);
    }

    @Test
    void certificatesThatAreNotThereOrNotTheKeys() throws IOException {
        TestCertificate one = TestCertificate.create(directory, "one.example.com");
        TestCertificate two = TestCertificate.create(directory, "two.example.com");
        CommandRun missing = CommandRun.of(
                "serve",
                "--database",
                database.url(),
                "--config",
                Files.writeString(
                                directory.resolve("missing.yaml"),
                                OFF + "tls: {certificate: " + directory.resolve("gone.pem") + ", key: " + one.key()
                                        + "}\n")
                        .toString());
        assertEquals(2, missing.status());
        assertEquals(
                "postrider: tls.certificate: there is no file " + directory.resolve("gone.pem"), missing.problem());
        String other =
                serve(database.url(), OFF + "tls: {certificate: " + one.certificate() + ", key: " + two.key() + "}\n");
        assertTrue(
                other.startsWith(
                        "postrider: tls.certificate " + one.certificate() + " and tls.key " + two.key() + ": "),
                other);
        assertTrue(other.contains("not") && other.contains("key"), other);
        String authorities = serve(
                database.url(),
                OFF + "tls: {certificate: " + one.certificate() + ", key: " + one.key() + ", client-authorities: "
                        + one.key() + "}\n");
        assertTrue(authorities.contains(one.key().toString()), authorities);
    }

    @Test
    void dataThatCannotBeKeptThere() throws IOException {
        Path file = Files.writeString(directory.resolve("a-file"), "");
        assertEquals(
                "postrider: nothing can be written to " + file + ": " + file + " is no directory",
                CommandRun.of("demo", "--data", file.toString()).problem());
        assertEquals(
                "postrider: nothing can be written to /proc/mail: no directory can be made there",
                CommandRun.of("demo", "--data", "/proc/mail").problem());
    }

    @Test
    void badConfiguration() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.yaml"), "listeners:\n  imap:\n    prot: 143\n");
        CommandRun run = CommandRun.of("serve", "--config", file.toString());
        assertEquals(2, run.status());
        assertEquals(
                "postrider: " + file + " line 3: there is no key listeners.imap.prot; is it listeners.imap.port?",
                run.problem());
        assertEquals(
                "postrider: option --database: database.url: the database URL must begin with postgresql://",
                CommandRun.of("migrate", "--database", "localhost").problem());
        assertTrue(CommandRun.of(
                        "account", "list", "--data", directory.resolve("none").toString())
                .problem()
                .startsWith("postrider: no server has its embedded PostgreSQL in "));
    }

    /** Nothing listens but what a test turns on. */
    private static final String OFF = """
            listeners:
              imap: {enabled: false}
              imaps: {enabled: false}
              pop3: {enabled: false}
              pop3s: {enabled: false}
              lmtp: {enabled: false}
            http: {enabled: false} #http
            """;

    private static String serve(String url) {
        try {
            return serve(url, OFF);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String serve(String url, String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("postrider.yaml"), yaml);
        CommandRun run = CommandRun.of("serve", "--config", file.toString(), "--database", url);
        assertEquals(1, run.status(), run.err());
        return run.problem();
    }
}
