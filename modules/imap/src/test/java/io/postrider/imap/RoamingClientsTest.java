package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.RoamingClient;
import io.postrider.testkit.RoamingClient.Kind;
import io.postrider.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Many clients on two mailboxes of two nodes, half of them with QRESYNC, half with UIDONLY, that change things at the same time
 * and lose their connections. At each checkpoint every one's picture must be the truth. A failure names the seed;
 * {@code -Dpostrider.seed=N} and {@code -Dpostrider.seconds=N} are as for {@link RandomSessionsTest}, a third of it here.
 */
class RoamingClientsTest {
    private static final long NANOSECONDS = Integer.getInteger("postrider.seconds", 60) * 1_000_000_000L / 3;
    private static final long SEED = Long.getLong("postrider.seed", System.nanoTime());
    private static final int CLIENTS = 12;
    private static final List<String> MAILBOXES = List.of("INBOX", "Busy");
    private static final List<String> FLAGS = List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "$Work");
    private static final String LOGIN = "roam@example.com " + ImapServer.PASSWORD;

    private static ImapServer node;
    private static ImapServer otherNode;

    @BeforeAll
    static void start() {
        node = ImapServer.start();
        otherNode = node.secondNode();
        node.createAccount("roam@example.com");
        try (TestClient client = node.login("roam@example.com")) {
            client.imap("CREATE Busy");
        }
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void everyPictureIsTheTruthAtEachCheckpoint() throws Exception {
        List<RoamingClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int port = i % 3 == 0 ? otherNode.port() : node.port();
            Kind kind = Kind.values()[i % Kind.values().length];
            String mailbox = MAILBOXES.get(i / Kind.values().length % MAILBOXES.size());
            clients.add(new RoamingClient(() -> TestClient.connect(port), kind, LOGIN, mailbox));
        }
        ExecutorService threads = Executors.newFixedThreadPool(6);
        long end = System.nanoTime() + NANOSECONDS;
        int rounds = 0;
        try {
            while (System.nanoTime() < end) {
                round(clients, threads, rounds);
                checkpoint(clients, rounds++);
            }
            assertTrue(rounds > 1, "only " + rounds + " rounds");
        } finally {
            threads.shutdownNow();
            clients.forEach(RoamingClient::close);
        }
    }

    private static void round(List<RoamingClient> clients, ExecutorService threads, int round) throws Exception {
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            RoamingClient client = clients.get(i);
            Random random = new Random(SEED + 31L * round + 7919L * i);
            work.add(() -> {
                for (int n = 0; n < 12; n++) {
                    doSomething(client, random);
                }
                return null;
            });
        }
        for (Future<Void> done : threads.invokeAll(work)) {
            done.get();
        }
    }

    private static void checkpoint(List<RoamingClient> clients, int round) {
        for (int i = 0; i < clients.size(); i++) {
            RoamingClient client = clients.get(i);
            String mailbox = MAILBOXES.get(i / Kind.values().length % MAILBOXES.size());
            String heard = client.conversation();
            Map<Long, Set<String>> truth = hearAll(client, mailbox);
            assertEquals(
                    truth,
                    client.messages(),
                    () -> "seed " + SEED + ", round " + round + ", " + client.kind() + "\n" + heard + "\n...\n"
                            + client.conversation());
        }
    }

    /**
     * A hint from the other node may be some milliseconds late, and so may be what a client sent that then broke off: the truth
     * is asked for again, too.
     */
    private static Map<Long, Set<String>> hearAll(RoamingClient client, String mailbox) {
        Map<Long, Set<String>> truth = truth(mailbox);
        for (int attempt = 0; attempt < 100; attempt++) {
            client.ok("NOOP");
            client.learn();
            if (client.knowsAll() && client.messages().equals(truth)) {
                break;
            }
            client.idle(20);
            truth = truth(mailbox);
        }
        return truth;
    }

    private static Map<Long, Set<String>> truth(String mailbox) {
        try (RoamingClient fresh =
                new RoamingClient(() -> TestClient.connect(node.port()), Kind.PLAIN, LOGIN, mailbox)) {
            return fresh.messages();
        }
    }

    private static void doSomething(RoamingClient client, Random random) {
        int size = client.uids().size();
        int dice = random.nextInt(100);
        if (size < 6 || dice < 20 && size < 80) {
            append(client, random);
        } else if (dice < 60) {
            client.command(store(client, random));
        } else if (dice < 70) {
            client.ok("EXPUNGE");
        } else if (dice < 80) {
            String to = MAILBOXES.get(random.nextInt(MAILBOXES.size()));
            client.command("UID " + (random.nextBoolean() ? "COPY " : "MOVE ") + somebody(client, random) + " " + to);
        } else if (dice < 85) {
            client.idle(1 + random.nextInt(30));
        } else if (dice < 90) {
            client.command("UID FETCH " + somebody(client, random) + " (FLAGS BODY[])");
        } else {
            client.breakOff(random.nextBoolean() ? store(client, random) : "NOOP", random.nextInt(4));
            client.comeBack(random.nextInt(4));
        }
    }

    /** By number where the client knows numbers, so that what has gone meanwhile must be held back. */
    private static String store(RoamingClient client, Random random) {
        String action =
                (random.nextBoolean() ? " +" : " -") + "FLAGS (" + FLAGS.get(random.nextInt(FLAGS.size())) + ")";
        return client.kind().uidOnly() || random.nextBoolean()
                ? "UID STORE " + somebody(client, random) + action
                : "STORE " + (1 + random.nextInt(client.uids().size())) + action;
    }

    private static long somebody(RoamingClient client, Random random) {
        long uid = client.uids().get(random.nextInt(client.uids().size()));
        return uid == 0 ? 1 : uid;
    }

    private static void append(RoamingClient client, Random random) {
        String message = "Subject: number " + random.nextInt() + "\r\n\r\ntext\r\n";
        String to = MAILBOXES.get(random.nextInt(MAILBOXES.size()));
        client.ok("APPEND " + to + " (" + (random.nextBoolean() ? "\\Seen" : "$Work") + ") {" + message.length()
                + "+}\r\n" + message);
    }
}
