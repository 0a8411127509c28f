package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Account;
import io.postrider.store.Credentials;
import io.postrider.store.Credentials.AppPassword;
import io.postrider.store.Credentials.Axis;
import io.postrider.store.Credentials.FailedLogins;
import io.postrider.store.Credentials.Guesses;
import io.postrider.store.Credentials.Proofs;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PostgresCredentialsTest {
    private static final StoreFixture fixture = new StoreFixture();
    private static final Credentials credentials = fixture.store.credentials();
    private static final Credentials elsewhere = fixture.anotherNode().credentials();

    private static final String HERE = "192.0.2.0/24";
    private static final String THERE = "2001:db8:1:2::/64";
    private static final String ARGON2ID = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";
    private static final String SCRAM = "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy";

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void proofsOfNobodyAreThereAsWell() {
        Account alice = fixture.account("alice");
        Proofs hers = await(credentials.proofs("ALICE@Example.com", HERE));
        assertEquals(Optional.of(alice), hers.account());
        assertEquals("$verifier$alice", hers.verifier());
        for (String name : List.of("nobody@example.com", "nobody", "", "@", "\0", "\ud800@example.com")) {
            Proofs none = await(credentials.proofs(name, HERE));
            assertEquals(Optional.empty(), none.account());
            assertEquals("", none.verifier());
            assertEquals(16, none.saltOfNobody().length);
            assertArrayEquals(
                    none.saltOfNobody(), await(elsewhere.proofs(name, THERE)).saltOfNobody());
            assertFalse(Arrays.equals(none.saltOfNobody(), hers.saltOfNobody()));
        }
    }

    @Test
    void failuresAreCountedForAllNodesAndForgotten() {
        String name = "guessed@example.com";
        await(Future.all(
                credentials.countFailures(List.of(
                        new FailedLogins(Axis.NETWORK, name, "198.51.100.0/24", 3, 0),
                        new FailedLogins(Axis.ACCOUNT, name, "198.51.100.0/24", 2, 0))),
                elsewhere.countFailures(List.of(
                        new FailedLogins(Axis.ACCOUNT, "GUESSED@example.com", "203.0.113.0/24", 5, 0),
                        new FailedLogins(Axis.PAIR, name, "203.0.113.0/24", 1, 0)))));
        assertEquals(
                new Guesses(false, false, 7, 3, 0),
                await(elsewhere.proofs(name, "198.51.100.0/24")).guesses());
        assertEquals(
                new Guesses(false, false, 7, 0, 1),
                await(credentials.proofs(name, "203.0.113.0/24")).guesses());
        await(credentials.countFailures(List.of(new FailedLogins(Axis.ACCOUNT, name, "", 1, 1_000_000))));
        assertEquals(0, await(credentials.proofs(name, HERE)).guesses().ofAccount());
    }

    @Test
    void manyNodesCountTheSameAtOnceAndNoneIsLost() {
        List<Future<?>> counting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Credentials node = i % 2 == 0 ? credentials : elsewhere;
            counting.add(node.countFailures(List.of(
                    new FailedLogins(Axis.ACCOUNT, "hot@example.com", "", 1, 0),
                    new FailedLogins(Axis.NETWORK, "", "100.64.0.0/24", 1, 0),
                    new FailedLogins(Axis.PAIR, "hot@example.com", "100.64." + i + ".0/24", 1, 0))));
        }
        await(Future.all(counting));
        Guesses guesses =
                await(credentials.proofs("hot@example.com", "100.64.0.0/24")).guesses();
        assertEquals(40, guesses.ofAccount());
        assertEquals(40, guesses.ofNetwork());
        assertEquals(1, guesses.ofPair());
    }

    @Test
    void anAccountIsAtHomeWhereItHasLoggedInAndNotEverywhere() {
        Account bob = fixture.account("bob");
        await(credentials.countFailures(List.of(new FailedLogins(Axis.PAIR, bob.address(), HERE, 4, 0))));
        await(credentials.remember(bob.accountId(), bob.address(), HERE));
        assertEquals(
                new Guesses(true, true, 0, 0, 0),
                await(elsewhere.proofs(bob.address(), HERE)).guesses());
        assertFalse(await(elsewhere.proofs(bob.address(), THERE)).guesses().atHome());
        fixture.database.execute(
                "update known_network set last_login_on = current_date - 3 where account_id = " + bob.accountId());
        assertFalse(await(credentials.proofs(bob.address(), HERE)).guesses().notedToday());
        for (int i = 0; i < Credentials.MAX_KNOWN_NETWORKS; i++) {
            await(credentials.remember(bob.accountId(), bob.address(), "10.0." + i + ".0/24"));
        }
        assertFalse(await(credentials.proofs(bob.address(), HERE)).guesses().atHome(), "the oldest made room");
        assertEquals(
                Credentials.MAX_KNOWN_NETWORKS,
                fixture.count("select count(*) from known_network where account_id = " + bob.accountId()));
    }

    @Test
    void theSweepForgetsWhatIsOfNoUse() {
        Account carl = fixture.account("carl");
        await(credentials.remember(carl.accountId(), carl.address(), HERE));
        await(credentials.remember(carl.accountId(), carl.address(), THERE));
        fixture.database.execute("update known_network set last_login_on = current_date - 100 where network = '" + HERE
                + "' and account_id = " + carl.accountId());
        await(credentials.countFailures(List.of(new FailedLogins(Axis.ACCOUNT, "old@example.com", "", 1, 1_000_000))));
        await(credentials.countFailures(List.of(new FailedLogins(Axis.ACCOUNT, "new@example.com", "", 9, 0.001))));
        await(new Sweeper(
                        new Database(
                                fixture.vertx,
                                fixture.options,
                                new io.micrometer.core.instrument.simple.SimpleMeterRegistry()),
                        SweepOptions.DEFAULT)
                .sweep());
        assertFalse(await(credentials.proofs(carl.address(), HERE)).guesses().atHome());
        assertTrue(await(credentials.proofs(carl.address(), THERE)).guesses().atHome());
        assertTrue(await(credentials.proofs("new@example.com", THERE)).guesses().ofAccount() > 8);
        assertEquals(0, fixture.count("select count(*) from login_failure where forgotten_per_second = 1000000"));
    }

    @Test
    void aPasswordThatWasChangedMeanwhileIsNotRehashed() {
        Account dora = fixture.account("dora");
        await(credentials.rehash(dora.accountId(), "$verifier$dora", "$new$"));
        assertEquals("$new$", await(credentials.proofs(dora.address(), HERE)).verifier());
        await(credentials.rehash(dora.accountId(), "$verifier$dora", "$newer$"));
        assertEquals("$new$", await(credentials.proofs(dora.address(), HERE)).verifier());
    }

    @Test
    void aTenantMayForbidEitherKindOfVerifierButNotBoth() {
        await(fixture.store.directory().addDomain("strict.example", "Strict"));
        await(fixture.store
                .directory()
                .createAccounts(List.of(
                        new io.postrider.store.Directory.NewAccount("eve@strict.example", ARGON2ID + " " + SCRAM, 0))));
        assertEquals(ARGON2ID + " " + SCRAM, verifier("eve@strict.example"));
        await(credentials.allowVerifiers("Strict", true, false));
        assertEquals(ARGON2ID, verifier("eve@strict.example"), "what is forbidden is dropped");
        await(credentials.allowVerifiers("Strict", false, true));
        assertEquals(ARGON2ID, verifier("eve@strict.example"), "the last one is not");
        await(fixture.store.directory().setPassword("eve@strict.example", ARGON2ID + " " + SCRAM));
        assertEquals(SCRAM, verifier("eve@strict.example"));
        Proofs proofs = await(credentials.proofs("eve@strict.example", HERE));
        assertFalse(proofs.argon2id());
        assertTrue(proofs.scram());
        Refusal refused =
                awaitFailure(Refusal.class, fixture.store.directory().setPassword("eve@strict.example", ARGON2ID));
        assertEquals(Refusal.Kind.CANNOT, refused.kind());
        await(credentials.rehash(proofs.account().orElseThrow().accountId(), SCRAM, ARGON2ID));
        assertEquals(SCRAM, verifier("eve@strict.example"));
        assertEquals(
                Refusal.Kind.CANNOT,
                awaitFailure(Refusal.class, credentials.allowVerifiers("Strict", false, false))
                        .kind());
        assertEquals(
                Refusal.Kind.NONEXISTENT,
                awaitFailure(Refusal.class, credentials.allowVerifiers("None such", true, true))
                        .kind());
    }

    @Test
    void appPasswordsAreListedUsedAndRevoked() {
        Account fred = fixture.account("fred");
        assertEquals(List.of(), await(credentials.appPasswords(fred.address())));
        Instant expires = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MILLIS);
        await(credentials.addAppPassword(fred.address(), "phone", "$a$", Set.of("imap"), Optional.of(expires)));
        await(credentials.addAppPassword(fred.address(), "tablet", "$b$", Set.of(), Optional.empty()));
        await(credentials.addAppPassword(
                fred.address(),
                "old",
                "$c$",
                Set.of(),
                Optional.of(Instant.now().minusSeconds(1))));
        List<AppPassword> listed = await(credentials.appPasswords("Fred@example.com"));
        assertEquals(
                List.of("old", "phone", "tablet"),
                listed.stream().map(AppPassword::label).toList());
        assertEquals(Set.of("imap"), listed.get(1).protocols());
        assertEquals(Optional.of(expires), listed.get(1).expiresAt());
        assertEquals(Optional.empty(), listed.get(1).lastUsedOn());

        Proofs proofs = await(elsewhere.proofs(fred.address(), HERE));
        assertEquals("$verifier$fred", proofs.verifier());
        assertEquals(2, proofs.appPasswords().size(), "an expired one does not count");
        assertFalse(proofs.appPasswords().get(0).usedToday());
        await(credentials.usedAppPassword(proofs.appPasswords().get(0).credentialId()));
        assertTrue(await(elsewhere.proofs(fred.address(), HERE)).appPasswords().stream()
                .anyMatch(Credentials.AppProof::usedToday));
        await(credentials.revokeAppPassword(fred.address(), "phone"));
        assertEquals(
                1, await(elsewhere.proofs(fred.address(), HERE)).appPasswords().size());
    }

    @Test
    void appPasswordsHaveBounds() {
        Account gina = fixture.account("gina");
        for (int i = 0; i < Credentials.MAX_APP_PASSWORDS; i++) {
            add(gina, "label " + i);
        }
        assertKind(Refusal.Kind.LIMIT, addition(gina, "one too many"));
        await(credentials.revokeAppPassword(gina.address(), "label 7"));
        add(gina, "x".repeat(Credentials.MAX_LABEL));
        await(credentials.revokeAppPassword(gina.address(), "label 8"));
        assertKind(Refusal.Kind.ALREADY_EXISTS, addition(gina, "label 9"));
        for (String label : List.of("", " ", "two\nlines", " padded", "x".repeat(Credentials.MAX_LABEL + 1))) {
            assertKind(Refusal.Kind.CANNOT, addition(gina, label));
        }
        assertKind(Refusal.Kind.NONEXISTENT, credentials.revokeAppPassword(gina.address(), "none such"));
        assertKind(Refusal.Kind.NONEXISTENT, credentials.revokeAppPassword(gina.address(), ""));
        assertKind(Refusal.Kind.NONEXISTENT, credentials.appPasswords("nobody@example.com"));
        assertKind(
                Refusal.Kind.NONEXISTENT,
                credentials.addAppPassword("nobody@example.com", "x", "$x$", Set.of(), Optional.empty()));
    }

    private static void add(Account account, String label) {
        await(addition(account, label));
    }

    private static Future<Void> addition(Account account, String label) {
        return credentials.addAppPassword(account.address(), label, "$x$", Set.of(), Optional.empty());
    }

    private static void assertKind(Refusal.Kind kind, Future<?> refused) {
        assertEquals(kind, awaitFailure(Refusal.class, refused).kind());
    }

    private static String verifier(String address) {
        return await(credentials.proofs(address, HERE)).verifier();
    }
}
