package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MailboxPatternTest {
    @Test
    void percentStaysWithinALevelAndStarDoesNot() {
        assertTrue(matches("*", "a/b/c"));
        assertTrue(matches("*", ""));
        assertTrue(matches("%", "a"));
        assertFalse(matches("%", "a/b"));
        assertTrue(matches("a/%", "a/b"));
        assertFalse(matches("a/%", "a"));
        assertTrue(matches("a*", "a/b"));
        assertTrue(matches("a%/%c", "ab/bc"));
        assertTrue(matches("%%%", "abc"));
        assertTrue(matches("%*%", "a/b"));
        assertTrue(matches("*a*b", "xxaxxb"));
        assertFalse(matches("*a*b", "xxbxxa"));
        assertFalse(matches("a", "A"));
        assertFalse(matches("", "a"));
        assertTrue(new MailboxPattern("INBOX.%", '.').matches("INBOX.a/b"));
    }

    @Test
    void inboxIsFoundInAnyCase() {
        assertTrue(matches("inbox", "INBOX"));
        assertTrue(matches("iNb%", "INBOX"));
        assertTrue(matches("InBoX/%", "INBOX/a"));
        assertFalse(matches("INBOX/A", "INBOX/a"));
        assertFalse(matches("inboxes", "INBOXES"));
    }

    @Test
    void wildcardsArePatternsBoundNotANamesTime() {
        String pattern = "*a".repeat(MailboxPattern.MAX_LENGTH / 2);
        String name = "a".repeat(499) + "b".repeat(501);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 1000; i++) {
                assertFalse(matches(pattern, name));
            }
        });
        assertThrows(No.class, () -> matches("x".repeat(MailboxPattern.MAX_LENGTH + 1), ""));
    }

    @Test
    void agreesWithTheObviousMatcher() {
        Random random = new Random(63);
        for (int round = 0; round < 200_000; round++) {
            String pattern = random(random, "ab/*%");
            String name = random(random, "ab/");
            assertEquals(obvious(pattern, name), matches(pattern, name), pattern + " " + name);
        }
    }

    private static String random(Random random, String characters) {
        StringBuilder text = new StringBuilder();
        // Some are longer than a word has bits.
        int repeats = random.nextInt(10) == 0 ? 20 : 1;
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append(String.valueOf(characters.charAt(random.nextInt(characters.length())))
                    .repeat(repeats));
        }
        return text.toString();
    }

    private static boolean obvious(String pattern, String name) {
        return name.matches(pattern.replaceAll("[*%]*\\*[*%]*", ".*").replaceAll("%+", "[^/]*"));
    }

    private static boolean matches(String pattern, String name) {
        return new MailboxPattern(pattern, '/').matches(name);
    }
}
