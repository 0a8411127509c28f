package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.TlsContexts;
import io.postrider.store.Account;
import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be read beside this: one conversation a command or an extension, each with an account of its own. */
@TestInstance(Lifecycle.PER_CLASS)
class ConversationTest {
    /** Where time must pass. */
    private static final Set<String> TRIED_ELSEWHERE = Set.of("INPROGRESS");

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
            stage.more().accept(new Stage.Scene(node, null, null, conversation));
            try (TestClient client = node.connectUngreeted()) {
                conversation.run(client);
            }
            return;
        }
        Account account = server.createAccount(name + "@example.com");
        try (TestClient client = node.login(account.address());
                TestClient second = node.login(account.address())) {
            TestMail.fill(client, "INBOX", stage.messages());
            stage.more().accept(new Stage.Scene(node, account, client, conversation));
            conversation.run(client, second);
        }
    }

    /** A line of its file says so: {@code # Capabilities: MOVE}. */
    @Test
    void eachCapabilityHasAConversation() {
        Set<String> told = new TreeSet<>();
        Set<String> tried = new TreeSet<>(TRIED_ELSEWHERE);
        server.createAccount("capable@example.com");
        for (String name : Stage.names()) {
            Conversation.load(ConversationTest.class, name + ".imap").remarks("Capabilities: ").stream()
                    .flatMap(ConversationTest::capabilities)
                    .forEach(tried::add);
        }
        for (String name : List.of("any-state", "starttls", "literal-minus")) {
            ImapServer node = node(Stage.named(name));
            try (TestClient client = node.connect()) {
                capabilities(client.imap("CAPABILITY").get(0)).forEach(told::add);
                client.imap("LOGIN capable@example.com " + ImapServer.PASSWORD);
                capabilities(client.imap("CAPABILITY").get(0)).forEach(told::add);
            }
        }
        told.removeAll(List.of("*", "CAPABILITY"));
        assertTrue(told.size() > 50, told.toString());
        told.removeAll(tried);
        assertEquals(Set.of(), told, "nobody talks of");
    }

    /** What a capability is besides its number. */
    private static Stream<String> capabilities(String line) {
        return Stream.of(line.split(" ")).map(word -> word.replaceFirst("=\\d+$", ""));
    }

    /** Where there must be others than the usual limits, there is another node. */
    private ImapServer node(Stage stage) {
        if (stage.limits().equals(ImapLimits.DEFAULT) && stage.listener() == null) {
            return server;
        }
        return server.secondNode(stage.limits(), stage.listener() == null ? listener() : stage.listener(), tls);
    }
}
