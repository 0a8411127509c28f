package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The examples are those of RFC 4013 §3. */
class SaslPrepTest {
    @Test
    void whatLooksTheSameIsTheSame() {
        assertEquals("IX", SaslPrep.name("I\u00adX"));
        assertEquals("a", SaslPrep.name("\u00aa"));
        assertEquals("IX", SaslPrep.name("\u2168"));
        assertPrepared("IX", "I\u00adX");
        assertPrepared("IX", "\u2168");
        assertPrepared("p\u00e4ss", "pa\u0308ss");
        assertPrepared("a b", "a\u00a0b");
    }

    @Test
    void asciiStaysWhatItIs() {
        assertPrepared("pass word~!", "pass word~!");
        byte[] password = {'p'};
        assertNotSame(password, SaslPrep.password(password), "an array of its own, to be wiped");
    }

    @Test
    void whatCannotBePreparedStaysWhatItIs() {
        assertEquals("a\u0007", SaslPrep.name("a\u0007"));
        assertEquals("\u0627\u0031", SaslPrep.name("\u0627\u0031"));
        assertPrepared("a\u0007", "a\u0007");
        byte[] latin1 = {'p', (byte) 0xe4, 's', 's'};
        assertArrayEquals(latin1, SaslPrep.password(latin1));
        assertPrepared("\u00ad", "\u00ad");
    }

    @Test
    void namesAreTheSameWithoutRegardToCase() {
        assertTrue(SaslPrep.sameName("Alice@Example.com", "alice@example.COM"));
        assertTrue(SaslPrep.sameName("\u2168", "ix"));
        assertFalse(SaslPrep.sameName("alice@example.com", "alice@example.org"));
    }

    private static void assertPrepared(String expected, String password) {
        assertEquals(
                expected,
                new String(SaslPrep.password(password.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));
    }
}
