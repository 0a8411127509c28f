package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.postrider.store.UidSet;
import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestClient;
import org.junit.jupiter.api.Test;

/** RFC 9738, on servers whose limit one can reach. */
class MessageLimitTest {
    @Test
    void everyCommandAtItsLimit() {
        converse("messagelimit", new MessageLimit(3, false), 7);
    }

    @Test
    void savesAlone() {
        converse("savelimit", new MessageLimit(3, true), 5);
    }

    @Test
    void theLastOfASetBeginWithAMessage() {
        UidMap map =
                new UidMap(new UidSet.Builder().addRange(2, 4).addRange(8, 9).build());
        assertNull(map.lastOf(UidSet.ALL, 5));
        assertNull(map.lastOf(UidSet.EMPTY, 0));
        assertEquals(UidSet.range(3, UidSet.MAX_UID), map.lastOf(UidSet.ALL, 4));
        assertEquals(UidSet.range(8, 20), map.lastOf(UidSet.range(1, 20), 2));
        UidSet some = new UidSet.Builder().add(1).addRange(3, 5).addRange(7, 9).build();
        assertEquals(new UidSet.Builder().addRange(4, 5).addRange(7, 9).build(), map.lastOf(some, 3));
    }

    private static void converse(String name, MessageLimit limit, int messages) {
        try (ImapServer server = ImapServer.start(ImapLimits.DEFAULT.withMessageLimit(limit))) {
            server.createAccount(name + "@example.com");
            try (TestClient client = server.login(name + "@example.com")) {
                TestMail.fill(client, "INBOX", messages);
                Conversation.load(MessageLimitTest.class, name + ".imap").run(client);
            }
        }
    }
}
