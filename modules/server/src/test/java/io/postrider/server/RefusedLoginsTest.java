package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told who guess, directly and through a balancer. */
class RefusedLoginsTest {
    private static final String IMAP = "NO [UNAVAILABLE] Too many failed logins, try again later";
    private static final String POP3 = "-ERR [SYS/TEMP] Too many failed logins, try again later";

    private static TestNode node;

    @BeforeAll
    static void start(@TempDir Path directory) {
        node = TestNode.start(
                directory,
                Map.of(
                        "guessing.failures-per-account", "2",
                        "guessing.failures-per-network", "2",
                        "clients.exempt", "192.0.2.0/24",
                        "listeners.imap.proxy-port", "0",
                        "proxy.trusted", "127.0.0.1/32"),
                "alice",
                "bob");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whoGuessesAtAnAccountIsToldToComeBackLaterAndNotForAnotherPassword() {
        for (String from : List.of("127.0.1.1", "127.0.2.1")) {
            assertEquals("NO [AUTHENTICATIONFAILED] wrong name or password", imap(from, "bob", "guess"));
        }
        assertEquals(IMAP, imap("127.0.3.1", "bob", TestNode.PASSWORD));
        try (TestClient pop3 = TestClient.connectFrom("127.0.4.1", node.port(Name.POP3))) {
            pop3.line();
            pop3.send("USER bob@example.com").line();
            assertEquals(POP3, pop3.send("PASS " + TestNode.PASSWORD).line());
        }
    }

    @Test
    void behindABalancerTheClientIsCountedAndTheBalancerIsNot() {
        for (String name : List.of("some", "other")) {
            assertTrue(proxied("198.51.100.7", name, "guess").startsWith("NO [AUTHENTICATIONFAILED]"));
        }
        assertEquals(IMAP, proxied("198.51.100.99", "alice", TestNode.PASSWORD));
        assertTrue(proxied("203.0.113.9", "alice", TestNode.PASSWORD).startsWith("OK "));
    }

    private static String imap(String from, String name, String password) {
        try (TestClient client = TestClient.connectFrom(from, node.port(Name.IMAP))) {
            return login(client, name, password);
        }
    }

    private static String proxied(String client, String name, String password) {
        try (TestClient balancer = TestClient.connect(node.node().proxyPort(Name.IMAP))) {
            balancer.send("PROXY TCP4 " + client + " 192.0.2.1 4711 143");
            return login(balancer, name, password);
        }
    }

    private static String login(TestClient client, String name, String password) {
        client.line();
        List<String> answer = client.imap("LOGIN " + name + "@example.com " + password);
        return answer.get(answer.size() - 1);
    }
}
