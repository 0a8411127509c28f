package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.ProtocolServer;
import io.postrider.store.Credentials;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Passwords for one program each; the test's protocol is called "sasl". Two nodes. */
class AppPasswordTest {
    private static final String ALICE = "alice@example.com";

    private static SaslFixture fixture;
    private static Credentials credentials;
    private static ProtocolServer one;
    private static ProtocolServer other;

    @BeforeAll
    static void start() {
        fixture = new SaslFixture();
        credentials = fixture.store.credentials();
        fixture.add(ALICE, "wonderland");
        fixture.add("bob@example.com", "builder");
        one = serve(fixture.sasl(GuessLimits.NONE));
        other = serve(fixture.sasl(fixture.node(), GuessLimits.NONE));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void itIsEasyToTypeAndNoTwoAreTheSame() {
        String password = AppPasswords.generate();
        assertTrue(password.matches("app-[a-km-z2-8]{26}"), password);
        assertNotEquals(password, AppPasswords.generate());
        assertFalse(AppPasswords.verifier(password).contains(password.substring(4)));
    }

    @Test
    void itWorksBesideThePasswordUntilItIsRevokedWhichAllNodesKnowAtOnce() {
        String phone = add("phone", Set.of(), Optional.empty());
        String tablet = add("tablet", Set.of("sasl", "pop3"), Optional.empty());
        for (ProtocolServer node : new ProtocolServer[] {one, other}) {
            assertEquals("OK " + ALICE, login(node, ALICE, phone));
            assertEquals("OK " + ALICE, login(node, ALICE, tablet));
            assertEquals("OK " + ALICE, login(node, ALICE, "wonderland"));
            assertEquals("INVALID", login(node, "bob@example.com", phone), "it is nobody else's");
            assertEquals("INVALID", login(node, "nobody@example.com", phone));
        }
        assertEquals("OK " + ALICE, login(one, ALICE, "A" + phone.substring(1)), "phones begin with a capital");
        SaslFixture.await(credentials.revokeAppPassword(ALICE, "phone"));
        for (ProtocolServer node : new ProtocolServer[] {one, other}) {
            assertEquals("INVALID", login(node, ALICE, phone));
            assertEquals("OK " + ALICE, login(node, ALICE, tablet));
        }
    }

    @Test
    void itIsForItsProtocolsAndItsTimeOnly() {
        assertEquals("INVALID", login(one, ALICE, add("imap only", Set.of("imap"), Optional.empty())));
        String soonOver = add("soon over", Set.of(), Optional.of(Instant.now().plusSeconds(3600)));
        assertEquals("OK " + ALICE, login(one, ALICE, soonOver));
        fixture.database.execute("update credential set expires_at = now() where label = 'soon over'");
        assertEquals("INVALID", login(one, ALICE, soonOver));
    }

    @Test
    void itsUseIsNotedToTheDay() throws InterruptedException {
        String watched = add("watched", Set.of(), Optional.empty());
        assertEquals("null", lastUse());
        assertEquals("OK " + ALICE, login(one, ALICE, watched));
        for (int i = 0; i < 400 && lastUse().equals("null"); i++) {
            Thread.sleep(25);
        }
        assertEquals(fixture.database.queryOne("select current_date"), lastUse());
        String row = fixture.database.queryOne("select xmin from credential where label = 'watched'");
        assertEquals("OK " + ALICE, login(one, ALICE, watched));
        assertEquals("OK bob@example.com", login(one, "bob@example.com", "builder"));
        assertEquals(
                row,
                fixture.database.queryOne("select xmin from credential where label = 'watched'"),
                "once a day is enough");
    }

    @Test
    void aPasswordThatLooksLikeOneIsAPassword() {
        String chosen = AppPasswords.generate();
        fixture.add("carol@example.com", chosen);
        assertEquals("OK carol@example.com", login(one, "carol@example.com", chosen));
        assertEquals("INVALID", login(one, "carol@example.com", AppPasswords.generate()));
    }

    @Test
    void aNewPasswordAndARehashLeaveThemAsTheyAre() {
        fixture.addVerifier("dave@example.com", "$2y$05$9Sq.iAhhlwQ/XRlaGL/Q0uBb91LbAYKAJ6XfDczYkGCIAfhamA1Y2");
        String mine = AppPasswords.generate();
        SaslFixture.await(credentials.addAppPassword(
                "dave@example.com", "phone", AppPasswords.verifier(mine), Set.of(), Optional.empty()));
        String imported = fixture.verifier("dave@example.com");
        assertEquals("OK dave@example.com", login(one, "dave@example.com", mine));
        assertEquals(imported, fixture.verifier("dave@example.com"), "it says nothing about the password");
        SaslFixture.await(fixture.passwords
                .hash("new".getBytes(StandardCharsets.UTF_8))
                .compose(verifier -> fixture.store.directory().setPassword("dave@example.com", verifier)));
        assertEquals("INVALID", login(other, "dave@example.com", "p\u00e4ssword 1"));
        assertEquals("OK dave@example.com", login(other, "dave@example.com", "new"));
        assertEquals("OK dave@example.com", login(other, "dave@example.com", mine));
    }

    private static String lastUse() {
        return String.valueOf(fixture.database.queryOne("select last_used_on from credential where label = 'watched'"));
    }

    private static String add(String label, Set<String> protocols, Optional<Instant> expires) {
        String password = AppPasswords.generate();
        SaslFixture.await(
                credentials.addAppPassword(ALICE, label, AppPasswords.verifier(password), protocols, expires));
        return password;
    }

    private static ProtocolServer serve(Sasl sasl) {
        return fixture.serve(ListenerOptions.loopback("test", Tls.NONE), new SaslProtocol(sasl), null);
    }

    private static String login(ProtocolServer node, String name, String password) {
        try (TestClient client = TestClient.connect(node.port())) {
            client.line();
            byte[] message = ("\0" + name + "\0" + password).getBytes(StandardCharsets.UTF_8);
            client.send("AUTH PLAIN " + Base64.getEncoder().encodeToString(message));
            return client.line();
        }
    }
}
