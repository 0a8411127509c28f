package io.postrider.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Mailboxes;
import io.postrider.store.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void anAddressHasSoManyOctetsAndNoMore() {
        String domain = "d".repeat(255);
        String local = "l".repeat(64);
        assertEquals(Optional.of(local + "@" + domain), Names.address(local + "@" + domain));
        assertEquals(Optional.empty(), Names.address(local + "l@" + domain));
        assertEquals(Optional.empty(), Names.address("l@" + domain + "d"));
        assertEquals(Optional.of("ü".repeat(127) + "d"), Names.domain("ü".repeat(127) + "d"));
        assertEquals(Optional.empty(), Names.domain("ü".repeat(128)));
    }

    @Test
    void theLastAtSignCounts() {
        assertEquals(Optional.of("a@b@example.com"), Names.address("A@b@example.com"));
        assertEquals("example.com", Names.domainOf("a@b@example.com"));
        assertEquals(Optional.empty(), Names.address("a b@example.com"));
        assertEquals(Optional.empty(), Names.address("a@"));
    }

    @Test
    void nonsenseIsNobodysAddressAndNoMailboxsName() {
        Random random = new Random(1);
        String interesting = "@./+xn--INBOXü\u0308\u212b\ufb01\u3002\ud800\udc00\0\r\n\u2028 a";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                text.append(
                        random.nextInt(4) == 0
                                ? (char) random.nextInt(0x10000)
                                : interesting.charAt(random.nextInt(interesting.length())));
            }
            staysTheSame(text.toString(), Names::address);
            staysTheSame(text.toString(), Names::domain);
            staysTheSame(text.toString(), Names::mailbox);
        }
    }

    /** What has been brought to its one spelling is in it. */
    private static void staysTheSame(String text, Function<String, Optional<String>> canonical) {
        canonical.apply(text).ifPresent(once -> {
            assertEquals(Optional.of(once), canonical.apply(once), text);
            assertTrue(once.indexOf('\0') < 0);
        });
    }

    @Test
    void hugeNonsenseCostsNothing() {
        String huge = "xn--" + "b".repeat(1 << 20);
        Assertions.assertTimeout(Duration.ofSeconds(1), () -> {
            for (int i = 0; i < 20; i++) {
                assertEquals(Optional.empty(), Names.address("a@" + huge));
                assertEquals(Optional.empty(), Names.domain(huge));
                assertEquals(Optional.empty(), Names.mailbox(huge));
            }
        });
        assertThrows(Refusal.class, () -> Names.newMailbox(huge));
        String composable = "u\u0308".repeat(Mailboxes.MAX_NAME_OCTETS / 2);
        assertEquals("ü".repeat(Mailboxes.MAX_NAME_OCTETS / 2), Names.newMailbox(composable));
    }
}
