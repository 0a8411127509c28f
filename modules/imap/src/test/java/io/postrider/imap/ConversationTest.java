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
    void namesWithDots() {
        try (ImapServer dots = ImapServer.start(ImapLimits.DEFAULT.withDotNames(true))) {
            dots.createAccount("dots@example.com");
            try (TestClient client = dots.login("dots@example.com")) {
                Conversation.load(ConversationTest.class, "dot-names.imap").run(client);
            }
        }
    }
}
