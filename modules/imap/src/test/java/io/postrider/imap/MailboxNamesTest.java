package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxNamesTest {
    @Test
    void aClientSetUpForAnotherServerFindsItsMailboxes() {
        assertEquals("Sent", MailboxNames.DOTS.fromWire("INBOX.Sent"));
        assertEquals("Sent/2026", MailboxNames.DOTS.fromWire("inbox.Sent.2026"));
        assertEquals("INBOX", MailboxNames.DOTS.fromWire("Inbox"));
        assertEquals("Sent", MailboxNames.DOTS.fromWire("Sent"));
        assertEquals("INBOX.Sent.2026", MailboxNames.DOTS.toWire("Sent/2026"));
    }

    @Test
    void noTwoMailboxesAreCalledAlike() {
        for (String name : List.of("INBOX", "INBOX/a", "a.b/c", "a/b.c", "Sent", "./a", "a")) {
            assertEquals(name, MailboxNames.DOTS.fromWire(MailboxNames.DOTS.toWire(name)));
            assertEquals(name, MailboxNames.SLASHES.fromWire(MailboxNames.SLASHES.toWire(name)));
        }
    }

    @Test
    void theSeparatorThunderbirdPutsBehindANameIsNoPartOfIt() {
        assertEquals("Lists/vertx", MailboxNames.SLASHES.fromWire("Lists/vertx/"));
        assertEquals("Lists/vertx", MailboxNames.DOTS.fromWire("INBOX.Lists.vertx."));
        assertEquals("INBOX", MailboxNames.DOTS.fromWire("INBOX."));
        assertEquals("Lists//", MailboxNames.SLASHES.fromWire("Lists///"), "more of them is no name, and is refused");
        assertEquals("/", MailboxNames.SLASHES.fromWire("/"));
    }
}
