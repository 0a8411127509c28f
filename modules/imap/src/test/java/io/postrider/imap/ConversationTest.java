package io.postrider.imap;

import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestClient;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be read beside this: one conversation a command, each with an account of its own. */
class ConversationTest {
    private static final AtomicInteger ACCOUNTS = new AtomicInteger();

    private static ImapServer server;

    @BeforeAll
    static void start() {
        server = ImapServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"any-state", "id", "login", "authenticate", "authenticate-initial"})
    void beforeLogin(String name) {
        if (ACCOUNTS.getAndIncrement() == 0) {
            server.createAccount("alice@example.com");
        }
        try (TestClient client = TestClient.connect(server.port())) {
            Conversation.load(ConversationTest.class, name + ".imap").run(client);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enable",
                "namespace",
                "create",
                "delete",
                "rename",
                "subscribe",
                "list",
                "list-extended",
                "status",
                "append"
            })
    void afterLogin(String name) {
        String address = name + "@example.com";
        server.createAccount(address);
        try (TestClient client = server.login(address)) {
            Conversation.load(ConversationTest.class, name + ".imap").run(client);
        }
    }

    @Test
    void withoutRev2ItIsNeitherToldOfNorSwitchedOn() {
        try (ImapServer rev1 = ImapServer.start(ImapLimits.DEFAULT.withRev2(false))) {
            rev1.createAccount("rev1@example.com");
            try (TestClient client = rev1.login("rev1@example.com")) {
                Conversation.of("""
                                C: a1 CAPABILITY
                                S: /\\* CAPABILITY IMAP4rev1 SASL-IR .*/
                                S: a1 OK CAPABILITY completed
                                C: a2 ENABLE IMAP4rev2 CONDSTORE
                                S: * ENABLED CONDSTORE
                                S: a2 OK ENABLE completed
                                C: a3 SELECT INBOX
                                S~
                                S: * 0 RECENT
                                S~
                                S: a3 OK [READ-WRITE] SELECT completed
                                """).run(client);
            }
        }
    }

    @Test
    void namesWithDots() {
        try (ImapServer dots = ImapServer.start(ImapLimits.DEFAULT.withDotNames(true))) {
            dots.createAccount("dots@example.com");
            try (TestClient client = dots.login("dots@example.com")) {
                Conversation.load(ConversationTest.class, "dot-names.imap").run(client);
            }
        }
    }
}
