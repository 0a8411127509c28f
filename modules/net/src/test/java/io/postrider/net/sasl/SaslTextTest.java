package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postrider.net.sasl.AuthenticationException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslTextTest {
    @Test
    void base64IsDecodedAndAnEmptyInitialResponseIsAnEqualsSign() {
        assertArrayEquals(new byte[] {0, 'a', 0, 'b'}, SaslText.decode("AGEAYg=="));
        assertArrayEquals(new byte[0], SaslText.decode(""));
        assertArrayEquals(new byte[0], SaslText.decodeInitial("="));
        assertArrayEquals(new byte[] {'a', 'b', 'c'}, SaslText.decodeInitial("YWJj"));
        assertEquals("VXNlcm5hbWU6", SaslText.encode("Username:".getBytes()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=",
                "A",
                "AA",
                "AAA",
                "AGEAYg",
                "AGEAYg=",
                "AG=AYg==",
                "AGEAYg==AAAA",
                "AGE AYg=",
                "AGE_AYg=",
                "ÄGEA",
                "**"
            })
    void whatIsNotBase64IsMalformed(String text) {
        assertKind(Kind.MALFORMED, text);
    }

    @Test
    void anAsteriskCancels() {
        assertKind(Kind.CANCELLED, "*");
    }

    @Test
    void aResponseHasABound() {
        assertEquals(SaslExchange.MAX_RESPONSE, SaslText.decode("A".repeat(SaslExchange.MAX_RESPONSE / 3 * 4)).length);
        assertKind(Kind.MALFORMED, "A".repeat(SaslExchange.MAX_RESPONSE / 3 * 4 + 4));
    }

    private static void assertKind(Kind kind, String text) {
        assertEquals(
                kind,
                assertThrows(AuthenticationException.class, () -> SaslText.decode(text))
                        .kind());
    }
}
