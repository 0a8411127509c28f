package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2Test {
    /** From the test suite of the reference implementation (phc-winner-argon2, src/test.c). */
    private static final List<String> VECTORS = List.of(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
            "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
            "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ");

    static List<Argon2> both() {
        return List.of(new Argon2(true), new Argon2(false));
    }

    @ParameterizedTest
    @MethodSource("both")
    void verifiesTheReferenceVectors(Argon2 argon2) {
        for (String vector : VECTORS) {
            assertTrue(verify(argon2, vector, octets("password")), vector);
            assertFalse(verify(argon2, vector, octets("Password")), vector);
            assertFalse(verify(argon2, vector, new byte[0]), vector);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void whatOneHashesTheOtherVerifies(Argon2 argon2) {
        String verifier = argon2.hash(octets("pässword"));
        assertTrue(
                verifier.matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}"),
                verifier);
        assertNotEquals(verifier, argon2.hash(octets("pässword")));
        for (Argon2 each : both()) {
            assertTrue(verify(each, verifier, octets("pässword")));
            assertFalse(verify(each, verifier, octets("passwörd")));
        }
    }

    @Test
    void theLibraryInCLoadsHere() {
        assertEquals(verify(new Argon2(true), VECTORS.get(1), octets("password")), true);
    }

    @Test
    void nobodysVerifierCostsWhatAnyDoesAndFitsNothing() {
        String nobodys = Argon2.ofNobody();
        assertTrue(nobodys.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
        assertFalse(verify(new Argon2(), nobodys, octets("password")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "password",
                "$argon2id$v=19$m=262145,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=262144,t=5,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=256,t=51,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=256,t=1,p=17$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=18$m=256,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=256,t=1,p=1$c29tZ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2x$v=19$m=256,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
            })
    void whatIsNoVerifierOrTooCostlyMatchesNothing(String verifier) {
        for (Argon2 each : both()) {
            assertThrows(IllegalArgumentException.class, () -> each.parse(verifier));
            assertFalse(Verifiers.matches(verifier, octets("password"), each));
        }
    }

    private static boolean verify(Argon2 argon2, String verifier, byte[] password) {
        return argon2.parse(verifier).matches(password);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
