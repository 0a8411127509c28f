package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be read beside this: one conversation a command in the selected state, each with an account of its own. */
@TestInstance(Lifecycle.PER_CLASS)
class SelectedConversationTest {
    private ImapServer server;

    @BeforeAll
    void start() {
        server = startServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    ImapServer startServer() {
        return ImapServer.start();
    }

    @ParameterizedTest
    @CsvSource({
        "select, 3",
        "store, 3",
        "condstore, 3",
        "qresync, 10",
        "imap4rev2, 3",
        "objectid, 3",
        "partial-fetch, 10",
        "uidonly, 5",
        "utf8-accept, 2",
        "expunge, 5",
        "copy-move, 5",
        "replace, 3",
        "search, 5",
        "searchres, 7",
        "partial, 7",
        "context, 5",
        "notify, 3",
        "preview, 0",
        "sort, 0",
        "thread, 0",
        "two-sessions, 5",
        "idle, 5"
    })
    void conversation(String name, int messages) {
        String address = name + "@example.com";
        server.createAccount(address);
        try (TestClient client = server.login(address);
                TestClient second = server.login(address)) {
            TestMail.fill(client, "INBOX", messages);
            Conversation.load(SelectedConversationTest.class, name + ".imap").run(client, second);
        }
    }

    @Test
    void fetch() {
        server.createAccount("fetch@example.com");
        String message = TestMail.MULTIPART;
        int header = message.indexOf("\r\n\r\n") + 4;
        try (TestClient client = server.login("fetch@example.com")) {
            TestMail.append(client, "INBOX", "(\\Flagged) " + TestMail.DATE + " ", message);
            Conversation.load(SelectedConversationTest.class, "fetch.imap")
                    .with("size", message.length())
                    .with("headerSize", header)
                    .with("textSize", message.length() - header)
                    .run(client);
        }
    }

    @Test
    void catenate() {
        server.createAccount("catenate@example.com");
        try (TestClient client = server.login("catenate@example.com")) {
            String draft = TestMail.lines(
                    "Subject: draft",
                    "Content-Type: multipart/mixed; boundary=b",
                    "",
                    "--b",
                    "Content-Type: text/plain; charset=us-ascii",
                    "",
                    "Dear Bob",
                    "--b",
                    "Content-Type: application/x-zip-compressed",
                    "",
                    "PK",
                    "--b--");
            TestMail.append(client, "Drafts", "", draft);
            TestMail.append(client, "Drafts", "", TestMail.numbered(2));
            Conversation.load(SelectedConversationTest.class, "catenate.imap").run(client);
        }
    }

    @Test
    void searchNestedAsDeepAsMayBeIsAnswered() {
        server.createAccount("deep@example.com");
        int nots = SearchKeyReader.MAX_NESTING - 1;
        try (TestClient client = server.login("deep@example.com")) {
            TestMail.fill(client, "INBOX", 2);
            client.imap("SELECT INBOX");
            // The second message is new, the first is seen.
            String found = nots % 2 == 0 ? "* SEARCH 2" : "* SEARCH 1";
            assertEquals(
                    found, client.imap("SEARCH " + "NOT ".repeat(nots) + "NEW").get(0));
            assertTrue(client.imap("SEARCH " + "NOT ".repeat(nots + 1) + "NEW")
                    .get(0)
                    .startsWith("BAD"));
        }
    }
}
