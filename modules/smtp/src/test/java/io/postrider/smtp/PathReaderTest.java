package io.postrider.smtp;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths and parameters of MAIL and RCPT. RFC 5321 §4.1.2 */
class PathReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "<alice@example.com> | alice@example.com | <alice@example.com>",
                "<Alice.B+x/y@a-b.example> | Alice.B+x/y@a-b.example | <Alice.B+x/y@a-b.example>",
                "<\"alice\"@example.com> | alice@example.com | <alice@example.com>",
                "<\"a b\"@example.com> | a b@example.com | <\"a b\"@example.com>",
                "<\"a\\\"\\\\b\"@example.com> | a\"\\b@example.com | <\"a\\\"\\\\b\"@example.com>",
                "<\"\\a\"@example.com> | a@example.com | <a@example.com>",
                "<\"a@b>\"@example.com> | a@b>@example.com | <\"a@b>\"@example.com>",
                "<@relay.example,@other.example:bob@example.com> | bob@example.com | <bob@example.com>",
                "<bob@[192.0.2.1]> | bob@[192.0.2.1] | <bob@[192.0.2.1]>",
                "<bob@[IPv6:2001:db8::1]> | bob@[IPv6:2001:db8::1] | <bob@[IPv6:2001:db8::1]>",
                "<jürgen@bücher.example> | jürgen@bücher.example | <jürgen@bücher.example>",
                "<postMASTER> | postmaster | <postmaster>",
            })
    void readsWhatTheGrammarAllows(String path, String address, String again) {
        Path read = new PathReader(path, "5.1.3").forwardPath();
        assertEquals(address, read.address());
        assertEquals(again, read.toString());
        assertEquals(read, new PathReader(again, "5.1.3").forwardPath());
    }

    @Test
    void theNullReversePathIsNobody() {
        Path path = new PathReader("<>", "5.1.7").reversePath();
        assertTrue(path.isNull());
        assertEquals("<>", path.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                ">",
                "<>",
                "alice@example.com",
                "<alice@example.com",
                "<alice>",
                "<alice@>",
                "<@example.com>",
                "<.a@example.com>",
                "<a.@example.com>",
                "<a..b@example.com>",
                "<a b@example.com>",
                "<a@b@example.com>",
                "<a@-example.com>",
                "<a@example-.com>",
                "<a@example..com>",
                "<a@.example.com>",
                "<a@example.com.>",
                "<a@exa mple.com>",
                "<\"\"@example.com>",
                "<\"a@example.com>",
                "<\"a\"b@example.com>",
                "<a@[]>",
                "<a@[1.2.3.4>",
                "<a\r\nX: y@example.com>",
                "<\"a\r\nRCPT\"@example.com>",
                "<\"a\\\n\"@example.com>",
                "<\"a\0\"@example.com>",
                "<a\t@example.com>",
                "<\"\u0085\"@example.com>",
                "<a\u2028@example.com>",
                "<@relay.example bob@example.com>",
                "<@relay.example,bob@example.com>",
                "<@:bob@example.com>",
                "<\"a\\\u00e9\"@example.com>",
                "<a@b\\c>",
                "<<a@example.com>>",
            })
    void refusesWhatItDoesNot(String path) {
        Rejected rejected = assertThrows(Rejected.class, () -> new PathReader(path, "5.1.3").forwardPath());
        assertEquals(501, rejected.reply().code());
        assertEquals("5.1.3", rejected.reply().status());
    }

    @Test
    void aLocalPartOf64OctetsIsTheLongest() {
        forward("<" + "a".repeat(PathReader.MAX_LOCAL_PART) + "@example.com>");
        assertTooLong("<" + "a".repeat(PathReader.MAX_LOCAL_PART + 1) + "@example.com>");
        forward("<" + "é".repeat(PathReader.MAX_LOCAL_PART / 2) + "@example.com>");
        assertTooLong("<" + "é".repeat(PathReader.MAX_LOCAL_PART / 2) + "a@example.com>");
        forward("<\"" + " ".repeat(PathReader.MAX_LOCAL_PART) + "\"@example.com>");
        assertTooLong("<\"" + " ".repeat(PathReader.MAX_LOCAL_PART + 1) + "\"@example.com>");
    }

    @Test
    void aPathOf256OctetsIsTheLongest() {
        String domain = ("d".repeat(49) + ".").repeat(5) + "de";
        assertEquals(252, domain.length());
        forward("<a@" + domain + ">");
        assertTooLong("<aa@" + domain + ">");
        assertTooLong("<@r:a@" + domain + ">");
    }

    @Test
    void aDomainIsNeverLongerThan255Octets() {
        assertTrue(PathReader.isHostName("d".repeat(PathReader.MAX_DOMAIN)));
        assertFalse(PathReader.isHostName("d".repeat(PathReader.MAX_DOMAIN + 1)));
        assertTooLong("<a@" + "d".repeat(PathReader.MAX_DOMAIN + 1) + ">");
    }

    @Test
    void aSenderMayHaveALongerLocalPart() {
        String verp = "bounces+123-" + "x".repeat(100) + "=example.com";
        assertEquals(
                verp,
                new PathReader("<" + verp + "@news.example>", "5.1.7")
                        .reversePath()
                        .localPart());
    }

    @Test
    void readsParametersInAnyCaseWithSpacesBetween() {
        PathReader reader = new PathReader("from: <a@b>  size=10 BODY=8bitmime  SMTPUTF8 ", "5.1.7");
        reader.keyword("FROM:");
        reader.reversePath();
        assertEquals(Map.of("SIZE", "10", "BODY", "8bitmime", "SMTPUTF8", ""), reader.parameters());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a@b>SIZE=1",
                "<a@b> SIZE=",
                "<a@b> =1",
                "<a@b> SIZE=1 SIZE=1",
                "<a@b> size=1 SIZE=2",
                "<a@b> SI ZE==1",
                "<a@b> -A",
                "<a@b> A=b=c",
                "<a@b> A=\u00e9",
                "<a@b> \u00e9",
                "<a@b> A\0",
                "<a@b>\t",
                "<a@b>>",
                "<a@b> <c@d>",
            })
    void refusesBadParameters(String text) {
        PathReader reader = new PathReader(text, "5.1.7");
        reader.reversePath();
        assertThrows(Rejected.class, reader::parameters);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "mail.example.com", "my_host", "[192.0.2.1]", "[IPv6:2001:db8::1]", "1.2.3.4"})
    void takesHostNames(String name) {
        assertTrue(PathReader.isHostName(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\rb", "a(b)", "[", "[]", "a]", "a:b", "a;b", "é", "<a>", "a\0"})
    void refusesOtherNames(String name) {
        assertFalse(PathReader.isHostName(name));
    }

    @Test
    void nonsenseIsRefusedOrComesOutWithoutControls() {
        Random random = new Random(5321);
        String alphabet = "<>@@..\"\\:,[] ab1-+\r\n\0é\u0085\u2028=";
        for (int round = 0; round < 100_000; round++) {
            StringBuilder text = new StringBuilder("<");
            for (int i = random.nextInt(14); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            PathReader reader = new PathReader(text.toString(), "5.1.3");
            try {
                Path path = random.nextBoolean() ? reader.forwardPath() : reader.reversePath();
                reader.parameters();
                assertTrue(path.toString().chars().noneMatch(Character::isISOControl), text.toString());
            } catch (Rejected expected) {
                // Most of it.
            }
        }
    }

    @Test
    void anAddressCutAnywhereIsRefusedOrWhole() {
        String whole = "<@r.example:\"a\\\"b\"@[IPv6:2001:db8::1]>";
        for (int cut = 0; cut < whole.length(); cut++) {
            String text = whole.substring(0, cut);
            assertThrows(Rejected.class, () -> forward(text), text);
        }
        assertDoesNotThrow(() -> forward(whole));
    }

    private static Path forward(String text) {
        return new PathReader(text, "5.1.3").forwardPath();
    }

    private static void assertTooLong(String text) {
        assertTrue(
                assertThrows(Rejected.class, () -> forward(text)).getMessage().endsWith("too long"));
    }
}
