package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

/** Fuzzed: IMAP URLs, mailbox names and patterns over them. {@code benchmarks/fuzz} runs it. */
public final class NameFuzz {
    private NameFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        ImapUrl.parse(text);
        ImapUrl.parse("/INBOX/;UID=7/;SECTION=" + text);
        name(text);
        pattern(text);
    }

    private static void name(String text) {
        try {
            // What is read is written as it came, or a client could not find again what it made.
            assertEquals(text, ModifiedUtf7.encode(ModifiedUtf7.decode(text)));
        } catch (BadSyntax refused) {
            assertTrue(refused.getMessage() != null);
        }
    }

    private static void pattern(String text) {
        try {
            MailboxPattern pattern = new MailboxPattern(text, '/');
            if (text.indexOf('*') < 0 && text.indexOf('%') < 0 && !text.regionMatches(true, 0, "INBOX", 0, 5)) {
                assertTrue(pattern.matches(text), "a pattern without wildcards is a name");
            }
            pattern.matches("INBOX/" + text);
        } catch (BadSyntax | No refused) {
            assertTrue(refused.getMessage() != null);
        }
    }
}
