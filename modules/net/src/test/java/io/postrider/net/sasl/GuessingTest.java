package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.Networks;
import io.postrider.net.ProtocolServer;
import io.postrider.store.Credentials.Guesses;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Two nodes on one database, and clients in many networks of this machine. */
class GuessingTest {
    private static final int PER_ACCOUNT = 5;
    private static final int PER_NETWORK = 8;
    private static final GuessLimits limits = new GuessLimits(
            PER_ACCOUNT, PER_NETWORK, Duration.ZERO, Duration.ofMillis(1), Networks.of(List.of("127.0.200.0/24")));
    private static final String HOME = "127.0.100.1";
    private static final String BALANCER = "127.0.200.1";

    private static SaslFixture fixture;
    private static ProtocolServer one;
    private static ProtocolServer other;
    private static int tests;

    @BeforeAll
    static void start() {
        // Cheap to check, for there are many.
        fixture = new SaslFixture(new Passwords.Kinds(false, true, Passwords.Kinds.MIN_ITERATIONS));
        fixture.add("alice@example.com", "wonderland");
        fixture.add("bob@example.com", "builder");
        one = serve(fixture.sasl(limits));
        other = serve(fixture.sasl(fixture.node(), limits));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    /** What the test before has left behind is on its way into the database until these are there, which come behind it. */
    @BeforeEach
    void forgetAll() {
        tests++;
        for (ProtocolServer node : List.of(one, other)) {
            String name = "last-" + tests + "-" + node.port() + "@example.com";
            login(node, "127.99." + tests + ".1", name, "x");
            awaitGuesses(name, guesses -> guesses.ofAccount() > 0);
        }
        fixture.database.execute("delete from login_failure");
        fixture.database.execute("delete from known_network");
    }

    /** Many computers guess at one account. */
    @Test
    void anAccountThatIsGuessedAtFromEverywhereIsClosedToAllButItsHome() {
        assertEquals("OK alice@example.com", login(one, HOME, "alice@example.com", "wonderland"));
        awaitHome("127.0.100.0/24");
        for (int i = 0; i < PER_ACCOUNT; i++) {
            assertEquals("INVALID", login(i % 2 == 0 ? one : other, "127.1." + i + ".1", "alice@example.com", "x" + i));
            awaitFailures(2 * (i + 1));
        }
        for (ProtocolServer node : List.of(one, other)) {
            assertEquals(
                    "TOO_MANY", login(node, "127.1.77.1", "Alice@example.com", "wonderland"), "not even the right one");
            assertEquals("OK alice@example.com", login(node, "127.0.100.99", "alice@example.com", "wonderland"));
            assertEquals("INVALID", login(node, HOME, "alice@example.com", "y"));
            assertEquals("OK bob@example.com", login(node, "127.1.0.1", "bob@example.com", "builder"));
        }
    }

    /** One computer tries a password with many accounts. */
    @Test
    void aNetworkThatTriesManyNamesIsClosedToAllWhoAreNotAtHomeThere() {
        assertEquals("OK alice@example.com", login(other, "127.2.0.7", "alice@example.com", "wonderland"));
        awaitHome("127.2.0.0/24");
        for (int i = 0; i < PER_NETWORK; i++) {
            String name = i % 2 == 0 ? "victim" + i + "@example.com" : "bob@example.com";
            assertEquals("INVALID", login(i < 4 ? one : other, "127.2.0." + (i + 1), name, "123456"));
            awaitFailures(2 * (i + 1));
        }
        for (ProtocolServer node : List.of(one, other)) {
            for (String name : List.of("bob@example.com", "carol@example.com", "nobody", "")) {
                assertEquals("TOO_MANY", login(node, "127.2.0.200", name, "builder"));
            }
            assertEquals("OK alice@example.com", login(node, "127.2.0.201", "alice@example.com", "wonderland"));
            assertEquals("OK bob@example.com", login(node, "127.2.1.1", "bob@example.com", "builder"));
        }
    }

    @Test
    void whoIsNobodyIsClosedJustTheSame() {
        for (int i = 0; i < PER_ACCOUNT; i++) {
            assertEquals("INVALID", login(one, "127.3." + i + ".1", "nobody@example.com", "x"));
            // While it is being written it may count twice for a moment.
            awaitFailures(2 * (i + 1));
        }
        assertEquals("TOO_MANY", login(one, "127.3.77.1", "nobody@example.com", "x"));
    }

    @Test
    void homeIsNeverClosedHoweverMuchIsGuessedThere() {
        assertEquals("OK alice@example.com", login(one, HOME, "alice@example.com", "wonderland"));
        awaitHome("127.0.100.0/24");
        for (int i = 0; i < 30; i++) {
            assertEquals("INVALID", login(one, HOME, "alice@example.com", "x"));
        }
        awaitFailures(30);
        assertEquals("OK alice@example.com", login(other, HOME, "alice@example.com", "wonderland"));
        // And it does not count against the others.
        assertEquals("OK bob@example.com", login(other, HOME, "bob@example.com", "builder"));
        assertEquals("OK alice@example.com", login(other, "127.4.0.1", "alice@example.com", "wonderland"));
        awaitGuesses("alice@example.com", guesses -> guesses.ofPair() == 0);
    }

    @Test
    void aBalancersAddressIsNeverCountedNorAnybodysHome() {
        for (int i = 0; i < 12; i++) {
            assertEquals("INVALID", login(one, BALANCER, "alice@example.com", "x"));
            assertEquals("INVALID", login(one, BALANCER, "bob@example.com", "x"));
        }
        assertEquals("OK alice@example.com", login(one, BALANCER, "alice@example.com", "wonderland"));
        assertEquals("OK alice@example.com", login(one, "127.5.0.1", "alice@example.com", "wonderland"));
        awaitHome("127.5.0.0/24");
        assertEquals(
                "0", fixture.database.queryOne("select count(*) from known_network where network like '127.0.200.%'"));
    }

    @Test
    void everyMechanismCounts() {
        for (int i = 0; i < PER_ACCOUNT; i++) {
            try (TestClient client = connect(one, "127.6." + i + ".1")) {
                if (i % 2 == 0) {
                    client.send("AUTH SCRAM-SHA-256 " + base64("n,,n=bob@example.com,r=abc"));
                    String first =
                            new String(Base64.getDecoder().decode(client.line().substring(2)), StandardCharsets.UTF_8);
                    client.send(base64("c=biws," + first.split(",")[0] + ",p=" + base64("x".repeat(32))));
                } else {
                    client.send("AUTH PLAIN " + base64("\0bob@example.com\0guess"));
                }
                assertEquals("INVALID", client.line());
            }
        }
        try (TestClient client = connect(one, "127.6.77.1")) {
            client.send("AUTH PLAIN " + base64("\0bob@example.com\0builder"));
            assertEquals("TOO_MANY", client.line());
        }
    }

    @Test
    void failuresAreForgottenAndThenAnotherIsHeard() {
        for (int i = 0; i < PER_ACCOUNT; i++) {
            login(one, "127.7." + i + ".1", "bob@example.com", "x");
        }
        awaitFailures(2 * PER_ACCOUNT);
        assertEquals("TOO_MANY", login(one, "127.7.77.1", "bob@example.com", "builder"));
        fixture.database.execute(
                "update login_failure set counted_at = counted_at - interval '1 hour' / " + PER_ACCOUNT);
        assertEquals("INVALID", login(one, "127.7.77.1", "bob@example.com", "y"));
        assertEquals("TOO_MANY", login(one, "127.7.78.1", "bob@example.com", "builder"));
        fixture.database.execute("update login_failure set counted_at = counted_at - interval '1 hour'");
        assertEquals("OK bob@example.com", login(one, "127.7.77.1", "bob@example.com", "builder"));
    }

    @Test
    void manyGuessesAtOnceAreNoMoreThanOneAfterTheOther() {
        List<TestClient> clients = new java.util.ArrayList<>();
        for (int i = 0; i < 30; i++) {
            clients.add(connect(one, "127.8." + i + ".1"));
        }
        clients.forEach(client -> client.send("LOGIN bob@example.com guess"));
        long heard =
                clients.stream().map(TestClient::line).filter("INVALID"::equals).count();
        clients.forEach(TestClient::close);
        assertEquals(PER_ACCOUNT, heard);
    }

    @Test
    void theLogTellsOnceWhoGuessesAndMetricsCount() {
        Logger logger = (Logger) LoggerFactory.getLogger(Guard.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        double before = refused("account");
        for (int i = 0; i < PER_ACCOUNT + 3; i++) {
            login(one, "127.9." + i + ".1", "told\u001b@example.com", "x");
            awaitFailures(2 * Math.min(i + 1, PER_ACCOUNT));
        }
        logger.detachAppender(lines);
        assertEquals(before + 3, refused("account"));
        assertEquals(
                List.of(
                        "guessing: 5 logins of told?@example.com failed within the hour, the last try from 127.9.5.1; more are"
                                + " refused unheard but from where the account is at home"),
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
        assertTrue(fixture.registry
                        .counter("postrider.guessing.failures", "axis", "network")
                        .count()
                > 0);
    }

    @Test
    void refusalsBecomeSlowerAndNeverTooSlow() {
        GuessLimits slow = new GuessLimits(20, 100, Duration.ofMillis(300), Duration.ofSeconds(10), Networks.NONE);
        Guard guard = new Guard(fixture.vertx, fixture.store.credentials(), fixture.registry, slow);
        Origin origin = new Origin("192.0.2.1", "imap");
        assertEquals(Duration.ofMillis(300), delay(guard, origin, new Guesses(false, false, 0, 0, 0)));
        assertEquals(Duration.ofMillis(1200), delay(guard, origin, new Guesses(false, false, 2, 0, 9)));
        assertEquals(Duration.ofMillis(2400), delay(guard, origin, new Guesses(false, false, 1, 15, 0)));
        assertEquals(Duration.ofSeconds(10), delay(guard, origin, new Guesses(false, false, 19, 99, 0)));
        assertEquals(Duration.ofMillis(300), delay(guard, origin, new Guesses(true, true, 1000, 1000, 0)));
        assertEquals(Duration.ofSeconds(10), delay(guard, origin, new Guesses(true, true, 0, 0, 1000)));
        assertFalse(guard.admit("late@example.com", origin, new Guesses(false, false, 20, 0, 0))
                .isPresent());
        assertTrue(guard.admit("late@example.com", origin, new Guesses(true, true, 20, 0, 0))
                .isPresent());
        Guard off = new Guard(fixture.vertx, fixture.store.credentials(), fixture.registry, GuessLimits.NONE);
        assertEquals(
                List.of(),
                off.admit("x", origin, new Guesses(false, false, 0, 0, 0))
                        .orElseThrow()
                        .subjects(),
                "nothing is held of what is not counted");
        assertEquals(Duration.ZERO, delay(off, origin, new Guesses(false, false, 1000, 1000, 1000)));
    }

    /** Each of another name, so that none counts for the next. */
    private static Duration delay(Guard guard, Origin origin, Guesses guesses) {
        Guard.Admission admission =
                guard.admit("n" + guesses.hashCode() + "@x", origin, guesses).orElseThrow();
        guard.over(admission);
        return guard.delay(admission);
    }

    private static double refused(String axis) {
        return fixture.registry
                .counter("postrider.guessing.refused", "axis", axis)
                .count();
    }

    private static ProtocolServer serve(Sasl sasl) {
        return fixture.serve(ListenerOptions.loopback("test", Tls.NONE), new SaslProtocol(sasl), null);
    }

    private static TestClient connect(ProtocolServer node, String from) {
        TestClient client = TestClient.connectFrom(from, node.port());
        client.line();
        return client;
    }

    private static String login(ProtocolServer node, String from, String name, String password) {
        try (TestClient client = connect(node, from)) {
            client.send("LOGIN " + name + " " + password);
            return client.line();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void awaitHome(String network) {
        await("select count(*) from known_network where network = '" + network + "'", "1");
    }

    /** As the database counts them, of the name and from the home network. */
    private static void awaitGuesses(String name, Predicate<Guesses> wanted) {
        Guesses found = null;
        for (int i = 0; i < 400 && (found == null || !wanted.test(found)); i++) {
            found = SaslFixture.await(fixture.store.credentials().proofs(name, "127.0.100.0/24"))
                    .guesses();
            pause();
        }
        assertTrue(wanted.test(found), found.toString());
    }

    private static void pause() {
        try {
            Thread.sleep(25);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Until so many are in the database, for the other node to see. */
    private static void awaitFailures(int count) {
        await("select coalesce(sum(round(failures)), 0)::int from login_failure", String.valueOf(count));
    }

    private static void await(String sql, String value) {
        String found = "";
        for (int i = 0; i < 400 && !value.equals(found); i++) {
            found = fixture.database.queryOne(sql);
            pause();
        }
        assertEquals(value, found, sql);
    }
}
