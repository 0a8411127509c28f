package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    /** One pass over 8 KiB, so that a thousand take no time. */
    private static final String CHEAP =
            "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private final Vertx vertx = Vertx.vertx();
    private static final Passwords.Kinds ARGON2ID_ALONE = new Passwords.Kinds(true, false, 4096);
    private final Passwords passwords = new Passwords(vertx, ARGON2ID_ALONE);

    @AfterEach
    void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void findsTheVerifierThatAPasswordBelongsTo() throws TimeoutException {
        String first = await(passwords.hash(octets("first")));
        String second = await(passwords.hash(octets("second")));
        List<String> both = List.of(first, second);
        assertEquals(first, await(passwords.matching(both, octets("first"))));
        assertEquals(second, await(passwords.matching(both, octets("second"))));
        assertNull(await(passwords.matching(both, octets("third"))));
        assertNull(await(passwords.matching(List.of(), octets("first"))));
    }

    @Test
    void whatIsKeptOfAPasswordIsOneVerifierOrBoth() throws TimeoutException {
        String argon2id = "\\$argon2id\\$\\S+";
        String scram = "SCRAM-SHA-256\\$5000:\\S+";
        assertTrue(await(kept(true, true)).matches(argon2id + " " + scram));
        assertTrue(await(kept(true, false)).matches(argon2id));
        String scramAlone = await(kept(false, true));
        assertTrue(scramAlone.matches(scram));
        assertEquals(scramAlone, await(passwords.matching(List.of(scramAlone), octets("secret"))));
        assertNull(await(passwords.matching(List.of(scramAlone), octets("Secret"))));
    }

    private Future<String> kept(boolean argon2id, boolean scram) {
        return new Passwords(vertx, new Passwords.Kinds(argon2id, scram, 5_000)).hash(octets("secret"));
    }

    @Test
    void aPasswordTypedOnAnotherKeyboardIsTheSame() throws TimeoutException {
        String composed = await(passwords.hash(octets("p\u00e4ss")));
        assertEquals(composed, await(passwords.matching(List.of(composed), octets("pa\u0308ss"))));
    }

    @Test
    void aVerifierOfUnpreparedOctetsFromElsewhereStillFits() throws TimeoutException {
        String unprepared = new Argon2().hash(octets("pa\u0308ss"));
        assertEquals(unprepared, await(passwords.matching(List.of(unprepared), octets("pa\u0308ss"))));
    }

    @Test
    void thePasswordGivenIsLeftAlone() throws TimeoutException {
        byte[] password = octets("secret");
        await(passwords.hash(password));
        await(passwords.matching(List.of(CHEAP), password));
        assertArrayEquals(octets("secret"), password);
    }

    @Test
    void noEventLoopHashes() throws TimeoutException {
        boolean[] onEventLoop = {true};
        Passwords watched = new Passwords(vertx, ARGON2ID_ALONE, new Argon2(true));
        await(watched.matching(
                new java.util.AbstractList<>() {
                    @Override
                    public String get(int index) {
                        onEventLoop[0] = io.vertx.core.Context.isOnEventLoopThread();
                        return CHEAP;
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                },
                octets("x")));
        assertFalse(onEventLoop[0]);
    }

    @Test
    void behindTooManyOthersNobodyIsKeptWaiting() throws TimeoutException {
        List<Future<String>> waiting = new ArrayList<>();
        // Slow ones first, or some would be done before the last one comes.
        List<String> slow = java.util.Collections.nCopies(20, Argon2.ofNobody());
        for (int i = 0; i < Passwords.MAX_WAITING; i++) {
            waiting.add(passwords.matching(i < 8 ? slow : List.of(CHEAP), octets("x")));
        }
        Future<String> oneTooMany = passwords.matching(List.of(CHEAP), octets("x"));
        assertTrue(oneTooMany.failed());
        assertInstanceOf(StoreUnavailableException.class, oneTooMany.cause());
        for (Future<String> each : waiting) {
            assertNull(await(each));
        }
        assertNull(await(passwords.matching(List.of(CHEAP), octets("x"))), "there is room again");
    }

    @Test
    void withoutTheLibraryInCItDoesToo() throws TimeoutException {
        Passwords inJava = new Passwords(vertx, ARGON2ID_ALONE, new Argon2(false));
        String verifier = await(inJava.hash(octets("secret")));
        assertEquals(verifier, await(passwords.matching(List.of(verifier), octets("secret"))));
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(30, TimeUnit.SECONDS);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
