package io.postrider.server;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.net.sasl.Passwords;
import io.postrider.server.config.Configuration;
import io.postrider.server.config.Listener.Name;
import io.postrider.server.config.Values;
import io.postrider.store.Directory;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.Migrator;
import io.postrider.store.postgres.PostgresStore;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A whole node on free ports, on a throw-away database, with accounts at example.com whose password is "secret". */
public final class TestNode implements AutoCloseable {
    public static final String PASSWORD = "secret";

    private final TestDatabase database = TestDatabase.create();
    private final Node node;

    private TestNode(Path directory, Map<String, String> options, String... accounts) {
        prepare(database.url(), accounts);
        TestCertificate certificate = TestCertificate.create(directory, "localhost");
        node = await(Node.start(configuration(database.url(), certificate, options)));
    }

    public static TestNode start(Path directory, String... accounts) {
        return start(directory, Map.of(), accounts);
    }

    /** @param options keys of the configuration with their values */
    public static TestNode start(Path directory, Map<String, String> options, String... accounts) {
        return new TestNode(directory, options, accounts);
    }

    public int port(Name name) {
        return node.port(name);
    }

    public int httpPort() {
        return node.httpPort();
    }

    public Node node() {
        return node;
    }

    public TestDatabase database() {
        return database;
    }

    @Override
    public void close() {
        await(node.stop());
        database.close();
    }

    public static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static Configuration configuration(String url, TestCertificate certificate) {
        return configuration(url, certificate, Map.of());
    }

    private static Configuration configuration(String url, TestCertificate certificate, Map<String, String> options) {
        Values values = new Values()
                .option("test", "database.url", url)
                .option("test", "hostname", "mx.example.com")
                .option("test", "shutdown.grace", "1s")
                .option("test", "http.port", "0")
                .option("test", "guessing.refusal-time", "0s")
                .option("test", "guessing.longest-delay", "0s")
                .option("test", "api.enabled", "true")
                .option("test", "api.port", "0")
                .option("test", "tls.certificate", certificate.certificate().toString())
                .option("test", "tls.key", certificate.key().toString())
                .option("test", "listeners.imap.plain-text-passwords", "true")
                .option("test", "listeners.pop3.plain-text-passwords", "true");
        for (Name name : Name.values()) {
            values.option("test", "listeners." + name.key() + ".host", "127.0.0.1")
                    .option("test", "listeners." + name.key() + ".port", "0");
        }
        options.forEach((key, value) -> values.option("test", key, value));
        return Configuration.of(values);
    }

    public static void prepare(String url, String... accounts) {
        Vertx vertx = Vertx.vertx();
        DatabaseOptions options = DatabaseOptions.of(url);
        await(Migrator.migrate(vertx, options));
        PostgresStore store = await(PostgresStore.open(vertx, options, new SimpleMeterRegistry()));
        String verifier = await(new Passwords(vertx).hash(PASSWORD.getBytes(StandardCharsets.UTF_8)));
        await(store.directory().addDomain("example.com", "example.com"));
        await(store.directory()
                .createAccounts(Arrays.stream(accounts)
                        .map(name -> new Directory.NewAccount(name + "@example.com", verifier, 0))
                        .toList()));
        await(store.close());
        await(vertx.close());
    }
}
