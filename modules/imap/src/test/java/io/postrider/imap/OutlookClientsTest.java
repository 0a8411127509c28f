package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Outlook, of many years. */
class OutlookClientsTest extends ClientStory {
    @Test
    void outlookMeansTheLastMessageBy4294967295() {
        TestMail.fill(client, "INBOX", 3);
        client.imap("SELECT INBOX");
        assertEquals(
                "* 3 FETCH (UID 3)", client.imap("UID FETCH 4294967295 UID").get(0));
        assertEquals(3, client.imap("UID FETCH 2:4294967295 UID").size());
        assertEquals("* 3 FETCH (UID 3)", client.imap("FETCH 4294967295 UID").get(0));
    }

    @Test
    void outlookFindsItsFoldersByLsubAndTheirUses() {
        List<String> subscribed = client.imap("LSUB \"\" *");
        assertTrue(subscribed.contains("* LSUB (\\HasNoChildren \\Sent) \"/\" Sent"), subscribed.toString());
        assertTrue(subscribed.contains("* LSUB (\\HasNoChildren \\Drafts) \"/\" Drafts"), subscribed.toString());
        assertTrue(subscribed.contains("* LSUB (\\HasNoChildren \\Trash) \"/\" Trash"), subscribed.toString());
    }

    @Test
    void outlookLosesNoMailUnderAParentThatIsNone() {
        client.imap("CREATE Projects/2026");
        // A parent made on the way is a mailbox like any other.
        assertStarts("OK [READ-WRITE]", last(client.imap("SELECT Projects")));
        client.imap("UNSELECT");
        TestMail.append(client, "Projects/2026", "", TestMail.numbered(1));
        assertStarts("OK", last(client.imap("DELETE Projects")));
        assertEquals(
                "* LIST (\\Noselect \\HasChildren) \"/\" Projects",
                client.imap("LIST \"\" Projects").get(0));
        assertTrue(client.imap("SELECT Projects/2026").contains("* 1 EXISTS"));
        assertStarts("NO [HASCHILDREN]", last(client.imap("DELETE Projects")));
        assertStarts("OK [MAILBOXID", last(client.imap("CREATE Projects")));
        assertTrue(client.imap("SELECT Projects/2026").contains("* 1 EXISTS"));
    }

    @Test
    void outlookForgetsNoFoldersWhileTheDatabaseFails() {
        TestMail.sql(server, "alter table mailbox rename to mailbox_away");
        try {
            assertStarts("NO", last(client.imap("LIST \"\" *")));
            assertStarts("NO", last(client.imap("LSUB \"\" *")));
        } finally {
            TestMail.sql(server, "alter table mailbox_away rename to mailbox");
        }
        assertTrue(client.imap("LIST \"\" *").size() > 5);
    }

    @Test
    void outlookIdlesBeforeItHasSelectedAMailbox() {
        client.sendRaw("a1 IDLE\r\n");
        assertEquals("+ idling", client.line());
        client.sendRaw("DONE\r\n");
        assertStarts("a1 OK", client.line());
    }

    @Test
    void outlookLogsInByAuthLoginWithItsNameAtOnceOrWhenAsked() {
        String name = Base64.getEncoder().encodeToString(address.getBytes(StandardCharsets.US_ASCII));
        String password = Base64.getEncoder().encodeToString(ImapServer.PASSWORD.getBytes(StandardCharsets.US_ASCII));
        for (String first : List.of("a1 AUTHENTICATE LOGIN " + name, "a1 AUTHENTICATE LOGIN")) {
            try (TestClient outlook = server.connect()) {
                outlook.send(first);
                if (first.endsWith("LOGIN")) {
                    assertEquals("+ VXNlcm5hbWU6", outlook.line());
                    outlook.send(name);
                }
                assertEquals("+ UGFzc3dvcmQ6", outlook.line());
                outlook.send(password);
                assertStarts("a1 OK", outlook.line());
            }
        }
    }

    /** Outlook 2010 knows nothing of special uses: it wants them to be there, and makes its own where they are not. */
    @Test
    void outlookFindsTheMailboxesItWantsThoughNobodyMadeThem() {
        for (String name : List.of("Drafts", "Sent", "Junk", "Trash")) {
            assertTrue(client.imap("SELECT " + name).contains("* 0 EXISTS"), name);
        }
    }

    /** WildDuck kept the command whose literal was too large, and took DONE for its rest. */
    @Test
    void outlookIdlesAfterALiteralThatWasTooLarge() {
        int tooMuch = ImapLimits.DEFAULT.maxLiteral() + 1;
        client.sendRaw("a1 SELECT {" + tooMuch + "+}\r\n" + "x".repeat(tooMuch) + "\r\na2 IDLE\r\n");
        assertStarts("a1 NO [TOOBIG]", client.line());
        assertEquals("+ idling", client.line());
        client.sendRaw("DONE\r\n");
        assertStarts("a2 OK", client.line());
    }
}
