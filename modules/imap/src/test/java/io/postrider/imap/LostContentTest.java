package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Contents;
import io.postrider.testkit.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Octets that have gone though the message is still there. */
class LostContentTest {
    private ImapServer server;
    private TestClient client;

    @BeforeEach
    void start() {
        server = ImapServer.start();
        server.createAccount("lost@example.com");
        client = server.login("lost@example.com");
        TestMail.append(client, "INBOX", "", TestMail.numbered(1) + "x".repeat(4 * Contents.CHUNK_OCTETS) + "\r\n");
        client.imap("SELECT INBOX");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void nothingPromisedYetIsNil() {
        TestMail.sql(server, "delete from chunk where n > 0");
        int offset = 2 * Contents.CHUNK_OCTETS;
        client.send("f FETCH 1 (UID BODY.PEEK[]<" + offset + ".100>)");
        assertEquals("* 1 FETCH (UID 1 BODY[]<" + offset + "> NIL)", client.line());
        assertEquals("f OK [EXPUNGEISSUED] Some messages no longer exist", client.line());
        assertTrue(client.imap("NOOP").get(0).startsWith("OK"));
    }

    @Test
    void literalThatCannotBeFinishedEndsTheConnection() {
        TestMail.sql(server, "delete from chunk where n > 2");
        client.send("f FETCH 1 BODY.PEEK[]");
        String rest = client.expectClosed();
        assertTrue(rest.startsWith("* 1 FETCH (BODY[] {"), rest.substring(0, 40));
        assertTrue(rest.endsWith("xxx"), "nothing may follow the octets of a literal");
    }
}
