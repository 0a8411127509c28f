package io.postrider.imap;

import io.postrider.imap.Stage.Set;
import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.TlsContexts;
import io.postrider.store.Account;
import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be read beside this: one conversation a command or an extension, each with an account of its own. */
@TestInstance(Lifecycle.PER_CLASS)
class ConversationTest {
    private ImapServer server;
    private TlsContexts tls;

    @BeforeAll
    void start(@TempDir Path directory) {
        TestCertificate certificate = TestCertificate.create(directory, "localhost");
        tls = TlsContexts.load(certificate.certificate(), certificate.key());
        server = ImapServer.start(ImapLimits.DEFAULT, listener(), tls);
        server.createAccount("alice@example.com");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    ListenerOptions listener() {
        return ListenerOptions.loopback("imap", Tls.NONE);
    }

    /** What a stranger may log in with. */
    String mechanisms() {
        return "AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN";
    }

    static List<String> names() {
        return Stage.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void conversation(String name) {
        Stage stage = Stage.named(name);
        Conversation conversation =
                Conversation.load(ConversationTest.class, name + ".imap").with("mechanisms", mechanisms());
        ImapServer node = node(stage);
        if (!stage.loggedIn()) {
            try (TestClient client = node.connectUngreeted()) {
                conversation.run(client);
            }
            return;
        }
        Account account = server.createAccount(name + "@example.com");
        try (TestClient client = node.login(account.address());
                TestClient second = node.login(account.address())) {
            TestMail.fill(client, "INBOX", stage.messages());
            stage.more().accept(new Set(node, account, client, conversation));
            conversation.run(client, second);
        }
    }

    /** Where there must be others than the usual limits, there is another node. */
    private ImapServer node(Stage stage) {
        if (stage.limits().equals(ImapLimits.DEFAULT) && stage.listener() == null) {
            return server;
        }
        return server.secondNode(stage.limits(), stage.listener() == null ? listener() : stage.listener(), tls);
    }
}
