package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Account;
import io.postrider.testkit.TestClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * What people saw their clients do, mostly with other servers, and should not see here: each test has an account of its own and
 * a client that is logged in. The tests beside this are called after the clients; what needs more than a mailbox or two is in
 * {@link NewsTest}, {@link LargeFetchTest}, {@link FindingClientsTest} and {@link ImapConnectionTest}.
 *
 * <p>Not here, since there is nothing to see: Apple's XAPPLEPUSHSERVICE, which needs a certificate of Apple's; iOS 18.2, which
 * waits a minute for its first chunk whatever a server does; GETACL and all of RFC 4314, which is not offered; a client
 * certificate instead of AUTHENTICATE, which is asked for with EXTERNAL only; app passwords, which are made elsewhere and have no
 * spaces. What clients do with POP3 and SMTP is tested there.
 */
abstract class ClientStory {
    private static final AtomicInteger ACCOUNTS = new AtomicInteger();

    static ImapServer server;

    String address;
    Account account;
    TestClient client;

    @BeforeAll
    static void startServer() {
        server = ImapServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void login() {
        address = "c" + ACCOUNTS.incrementAndGet() + "@example.com";
        account = server.createAccount(address);
        client = server.login(address);
    }

    @AfterEach
    void close() {
        client.close();
    }

    static String last(List<String> answer) {
        return answer.get(answer.size() - 1);
    }

    static void assertStarts(String expected, String line) {
        assertTrue(line.startsWith(expected), line);
    }

    /** The lines that come up to the reply to this tag, which is OK. */
    List<String> untilOk(String tag) {
        List<String> lines = client.linesUntil(line -> line.startsWith(tag + " "));
        assertStarts(tag + " OK", last(lines));
        return lines;
    }

    long status(String mailbox, String item) {
        return Long.parseLong(client.imap("STATUS " + mailbox + " (" + item + ")")
                .get(0)
                .replaceAll(".*" + item + " (\\d+).*", "$1"));
    }
}
