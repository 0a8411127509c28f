package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.ProtocolServer;
import io.postrider.net.TlsContexts;
import io.postrider.store.Directory;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.Migrator;
import io.postrider.store.postgres.PostgresStore;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Logins over real connections, against accounts in a real database. */
class SaslTest {
    private static final Vertx vertx = Vertx.vertx();
    private static final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    static Path files;

    private static TestDatabase database;
    private static Directory directory;
    private static Passwords passwords;
    private static ProtocolServer plainText;
    private static ProtocolServer startTls;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        DatabaseOptions options = DatabaseOptions.of(database.url());
        await(Migrator.migrate(vertx, options));
        PostgresStore store = await(PostgresStore.open(vertx, options, registry));
        directory = store.directory();
        passwords = new Passwords(vertx);
        await(directory.addDomain("example.com", "example"));
        add("alice@example.com", "wonderland");
        add("bob@example.com", "p\u00e4ss");
        add("carol@example.com", "suspended");
        database.execute("update account set active = false where address = 'carol@example.com'");

        Sasl sasl = new Sasl(new Authenticator(vertx, store, registry, passwords, GuessLimits.NONE));
        SaslProtocol protocol = new SaslProtocol(sasl);
        TestCertificate certificate = TestCertificate.create(files, "localhost");
        TlsContexts contexts = TlsContexts.load(certificate.certificate(), certificate.key());
        plainText = await(ProtocolServer.start(
                vertx, ListenerOptions.loopback("plain", Tls.NONE).withInstances(2), protocol, null, registry));
        startTls = await(ProtocolServer.start(
                vertx,
                ListenerOptions.loopback("starttls", Tls.STARTTLS).withPlainTextPasswords(false),
                protocol,
                contexts,
                registry));
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
        database.close();
    }

    @Test
    void plainTakesItsResponseAtOnceOrWhenAsked() {
        try (TestClient client = connect()) {
            client.send("AUTH PLAIN " + base64("\0alice@example.com\0wonderland"));
            assertEquals("OK alice@example.com", client.line());
            client.send("auth plain".toUpperCase());
            assertEquals("+ ", client.line());
            client.send(base64("alice@example.com\0alice@example.com\0wonderland"));
            assertEquals("OK alice@example.com", client.line());
        }
    }

    @Test
    void loginAsksForNameAndPassword() {
        try (TestClient client = connect()) {
            client.send("AUTH LOGIN");
            assertEquals("+ " + base64("Username:"), client.line());
            client.send(base64("alice@example.com"));
            assertEquals("+ " + base64("Password:"), client.line());
            client.send(base64("wonderland"));
            assertEquals("OK alice@example.com", client.line());
            client.send("AUTH LOGIN " + base64("alice@example.com"));
            assertEquals("+ " + base64("Password:"), client.line());
            client.send(base64("looking-glass"));
            assertEquals("INVALID", client.line());
        }
    }

    @Test
    void namesAreComparedWithoutRegardToCaseAndPasswordsAsTheyLook() {
        try (TestClient client = connect()) {
            client.send("LOGIN ALICE@Example.COM wonderland");
            assertEquals("OK alice@example.com", client.line());
            client.send("LOGIN alice@example.com Wonderland");
            assertEquals("INVALID", client.line());
            client.send("AUTH PLAIN " + base64("\0bob@example.com\0pa\u0308ss"));
            assertEquals("OK bob@example.com", client.line());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice@example.com",
                "\0alice@example.com",
                "alice@example.com\0wonderland",
                "\0alice@example.com\0",
                "\0\0wonderland",
                "\0alice@example.com\0wonder\0land",
                "a\0b\0c\0d\0"
            })
    void whatIsNoPlainResponseIsMalformed(String response) {
        try (TestClient client = connect()) {
            client.send("AUTH PLAIN " + (response.isEmpty() ? "=" : base64(response)));
            assertEquals("MALFORMED", client.line());
        }
    }

    @Test
    void aNameThatIsNotUtf8IsMalformed() {
        try (TestClient client = connect()) {
            client.send("AUTH PLAIN " + Base64.getEncoder().encodeToString(new byte[] {0, (byte) 0xc0, 0, 'x'}));
            assertEquals("MALFORMED", client.line());
        }
    }

    @Test
    void aResponseHasABound() {
        try (TestClient client = connect()) {
            String prefix = "\0alice@example.com\0";
            client.send("AUTH PLAIN " + base64(prefix + "x".repeat(SaslExchange.MAX_RESPONSE - prefix.length())));
            assertEquals("INVALID", client.line());
            client.send("AUTH PLAIN " + base64(prefix + "x".repeat(SaslExchange.MAX_RESPONSE - prefix.length() + 1)));
            assertEquals("MALFORMED", client.line());
            client.send("AUTH LOGIN " + base64("x".repeat(SaslExchange.MAX_RESPONSE + 1)));
            assertEquals("MALFORMED", client.line());
        }
    }

    @Test
    void nobodyActsForAnother() {
        try (TestClient client = connect()) {
            client.send("AUTH PLAIN " + base64("bob@example.com\0alice@example.com\0wonderland"));
            assertEquals("FORBIDDEN", client.line());
        }
    }

    @Test
    void aClientMayGiveUp() {
        try (TestClient client = connect()) {
            client.send("AUTH LOGIN");
            client.line();
            client.send("*");
            assertEquals("CANCELLED", client.line());
            client.send("LOGIN alice@example.com wonderland");
            assertEquals("OK alice@example.com", client.line());
        }
    }

    @Test
    void whatIsNotOfferedIsNotStarted() {
        try (TestClient client = connect()) {
            for (String mechanism : List.of("CRAM-MD5", "ANONYMOUS", "EXTERNAL", "PLAIN\0", "x".repeat(1000))) {
                client.send("AUTH " + mechanism);
                assertEquals("NO_MECHANISM", client.line());
            }
        }
    }

    @Test
    void noPasswordBeforeTls() {
        try (TestClient client = TestClient.connect(startTls.port())) {
            assertEquals("* ", client.line());
            client.send("AUTH PLAIN");
            assertEquals("NO_MECHANISM", client.line());
            client.send("STARTTLS");
            assertEquals("go ahead", client.line());
            client.startTls();
            assertEquals("* SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN", client.line());
            client.send("AUTH PLAIN " + base64("\0alice@example.com\0wonderland"));
            assertEquals("OK alice@example.com", client.line());
        }
    }

    @Test
    void aSuspendedAccountIsToldSoOnlyWithItsPassword() {
        try (TestClient client = connect()) {
            client.send("LOGIN carol@example.com guess");
            assertEquals("INVALID", client.line());
            client.send("LOGIN carol@example.com suspended");
            assertEquals("FORBIDDEN", client.line());
        }
    }

    @Test
    void aChangedPasswordAndASuspensionCountAtOnce() {
        add("dave@example.com", "old");
        try (TestClient client = connect()) {
            client.send("LOGIN dave@example.com old");
            assertEquals("OK dave@example.com", client.line());
            await(passwords
                    .hash(octets("new"))
                    .compose(verifier -> directory.setPassword("dave@example.com", verifier)));
            client.send("LOGIN dave@example.com old");
            assertEquals("INVALID", client.line());
            client.send("LOGIN dave@example.com new");
            assertEquals("OK dave@example.com", client.line());
            database.execute("update account set active = false where address = 'dave@example.com'");
            client.send("LOGIN dave@example.com new");
            assertEquals("FORBIDDEN", client.line());
        }
    }

    @Test
    void anUnknownNameCostsAndSaysTheSameAsAWrongPassword() {
        try (TestClient client = connect()) {
            long known = Long.MAX_VALUE;
            long unknown = Long.MAX_VALUE;
            for (int i = 0; i < 10; i++) {
                known = Math.min(known, failedLogin(client, "alice@example.com", "guess" + i));
                unknown = Math.min(unknown, failedLogin(client, "nobody@example.com", "guess" + i));
            }
            assertTrue(
                    unknown > known / 4 && known > unknown / 4, "known " + known + " ns, unknown " + unknown + " ns");
            for (String odd :
                    List.of("nobody", "@", "x".repeat(5000) + "@example.com", "a@b@c", "'--", "%@example.com")) {
                failedLogin(client, odd, "guess");
            }
        }
    }

    @Test
    void aVerifiedLoginIsRememberedAndAFailedOneIsNot() {
        add("erin@example.com", "secret");
        try (TestClient client = connect()) {
            client.send("LOGIN erin@example.com secret");
            client.line();
            long fastest = Long.MAX_VALUE;
            for (int i = 0; i < 20; i++) {
                long before = System.nanoTime();
                client.send("LOGIN erin@example.com secret");
                assertEquals("OK erin@example.com", client.line());
                fastest = Math.min(fastest, System.nanoTime() - before);
            }
            long failed = Long.MAX_VALUE;
            for (int i = 0; i < 10; i++) {
                failed = Math.min(failed, failedLogin(client, "erin@example.com", "guess"));
            }
            assertTrue(fastest * 2 < failed, "remembered " + fastest + " ns, failed " + failed + " ns");
        }
    }

    @Test
    void manyAtOnceOnAllEventLoopsAllGetIn() {
        add("frank@example.com", "secret");
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(connect());
        }
        clients.forEach(client -> client.send("LOGIN frank@example.com secret"));
        for (TestClient client : clients) {
            assertEquals("OK frank@example.com", client.line());
            client.close();
        }
    }

    @Test
    void theLogTellsWhoAndWhereFromAndNeverThePassword() {
        Logger logger = (Logger) LoggerFactory.getLogger(Authenticator.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        double before = logins("PLAIN", "invalid");
        try (TestClient client = connect()) {
            client.send("AUTH PLAIN " + base64("\0alice@example.com\0wonderland"));
            client.line();
            client.send("AUTH PLAIN " + base64("\0eve\r\nlogin of root: ok\u001b[2J@example.com\0hunter2"));
            assertEquals("INVALID", client.line());
        }
        logger.detachAppender(lines);
        List<String> told =
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertEquals(
                List.of(
                        "login of alice@example.com from 127.0.0.1, mechanism PLAIN: ok",
                        "login of eve??login of root: ok?[2J@example.com from 127.0.0.1, mechanism PLAIN: "
                                + "wrong name or password"),
                told);
        assertFalse(told.toString().contains("wonderland") || told.toString().contains("hunter2"));
        assertEquals(before + 1, logins("PLAIN", "invalid"));
    }

    private static double logins(String mechanism, String outcome) {
        return registry.counter("postrider.logins", "mechanism", mechanism, "outcome", outcome)
                .count();
    }

    private static long failedLogin(TestClient client, String name, String password) {
        long before = System.nanoTime();
        client.send("LOGIN " + name + " " + password);
        assertEquals("INVALID", client.line());
        return System.nanoTime() - before;
    }

    private static TestClient connect() {
        TestClient client = TestClient.connect(plainText.port());
        assertEquals("* SCRAM-SHA-256 PLAIN LOGIN", client.line());
        return client;
    }

    private static void add(String address, String password) {
        await(passwords
                .hash(octets(password))
                .compose(verifier -> directory.createAccounts(List.of(new NewAccount(address, verifier, 0)))));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(octets(text));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
