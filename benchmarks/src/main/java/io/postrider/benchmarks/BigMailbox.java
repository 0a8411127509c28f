package io.postrider.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.imap.ImapLimits;
import io.postrider.imap.ImapProtocol;
import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.ProtocolServer;
import io.postrider.net.sasl.Authenticator;
import io.postrider.net.sasl.GuessLimits;
import io.postrider.net.sasl.Passwords;
import io.postrider.net.sasl.Sasl;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.Store;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.Migrator;
import io.postrider.store.postgres.PostgresStore;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One very large mailbox, and how long what clients do with it takes: server and database in and below this process. The
 * mailbox is made by SQL out of one message that was appended. Every twentieth UID is missing, one message in twenty is
 * unseen.
 */
@Command(
        name = "big-mailbox",
        mixinStandardHelpOptions = true,
        description = "Measures a mailbox of a million messages.")
public final class BigMailbox implements Callable<Integer> {
    private static final String LOGIN = "big@example.com";
    private static final String PASSWORD = "secret";
    private static final byte[] MESSAGE = ("From: Alice <alice@example.com>\r\nTo: big@example.com\r\n"
                    + "Subject: One of very many\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800\r\n"
                    + "Message-ID: <one@example.com>\r\n\r\n" + "A line of text.\r\n".repeat(100))
            .getBytes(StandardCharsets.US_ASCII);

    @Option(names = "--messages", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}.")
    private int messages;

    @Option(names = "--rounds", defaultValue = "20", description = "Of each measurement. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--sessions", defaultValue = "50", description = "For what one weighs. Default: ${DEFAULT-VALUE}.")
    private int sessions;

    private final Vertx vertx = Vertx.vertx();

    public static void main(String[] args) {
        System.exit(new CommandLine(new BigMailbox()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            DatabaseOptions where = DatabaseOptions.of(database.url());
            await(Migrator.migrate(vertx, where));
            SimpleMeterRegistry metrics = new SimpleMeterRegistry();
            Store store = await(PostgresStore.open(vertx, where, metrics));
            Sasl sasl = new Sasl(new Authenticator(vertx, store, metrics, new Passwords(vertx), GuessLimits.NONE));
            ProtocolServer server = await(ProtocolServer.start(
                    vertx,
                    ListenerOptions.loopback("imap", Tls.NONE),
                    new ImapProtocol(store, sasl, ImapLimits.DEFAULT, host -> false, metrics),
                    null,
                    metrics));
            await(store.directory().addDomain("example.com", "bench"));
            String verifier = await(new Passwords(vertx).hash(PASSWORD.getBytes(StandardCharsets.UTF_8)));
            await(store.directory().createAccounts(List.of(new NewAccount(LOGIN, verifier, 0))));
            Target target = new Target("postrider", "127.0.0.1", server.port(), 0, 0, List.of());
            try (ImapClient client = login(target)) {
                client.append("INBOX", MESSAGE);
                fill(database);
                measure(target, client);
                weigh(target);
            }
            await(server.stop());
            await(store.close());
        } finally {
            await(vertx.close());
        }
        return 0;
    }

    /** Multiplies the one message; its copies share its content, as copies do. */
    private void fill(TestDatabase database) {
        long uids = messages + (messages - 1) / 19;
        database.execute("""
                insert into message (account_id, mailbox_id, uid, modseq, flags, internal_date, save_date, size, content_id)
                select m.account_id, m.mailbox_id, n, n + 1, case when n %% 20 = 1 then 0 else 8 end, m.internal_date,
                  m.save_date, m.size, m.content_id
                from message m, generate_series(2, %d) as n
                where n %% 20 <> 0
                """.formatted(uids));
        database.execute("""
                update mailbox b
                set uid_next = %d + 1, highest_modseq = %d + 1, recent_from = %d + 1, messages = sums.messages,
                  unseen = sums.unseen, octets = sums.octets
                from (
                  select account_id, mailbox_id, count(*) as messages, count(*) filter (where flags & 8 = 0) as unseen,
                    sum(size) as octets
                  from message
                  group by account_id, mailbox_id
                ) as sums
                where b.account_id = sums.account_id and b.mailbox_id = sums.mailbox_id
                """.formatted(uids, uids, uids));
        database.execute("vacuum analyze message");
        System.out.printf(
                Locale.ROOT,
                "%s messages, UIDs up to %d%n%n",
                database.queryOne("select max(messages) from mailbox"),
                uids);
    }

    private void measure(Target target, ImapClient client) throws IOException {
        System.out.println("| | first ms | p50 ms | slowest ms |");
        System.out.println("|---|--:|--:|--:|");
        time("SELECT", client, "SELECT INBOX");
        time("STATUS", client, "STATUS INBOX (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ SIZE)");
        time("UID SEARCH UNSEEN", client, "UID SEARCH UNSEEN");
        time("UID SEARCH RETURN (COUNT) UNSEEN", client, "UID SEARCH RETURN (COUNT) UNSEEN");
        long middle = messages / 2 / 20 * 20 + 7;
        time("UID FETCH of one message's flags", client, "UID FETCH " + middle + " (FLAGS)");
        time("UID FETCH of one message", client, "UID FETCH " + middle + " (FLAGS ENVELOPE BODY.PEEK[])");
        time("FETCH * of one message", client, "FETCH * (UID FLAGS)");
        client.command("ENABLE QRESYNC");
        client.command("SELECT INBOX");
        long validity = client.code("UIDVALIDITY");
        long before = client.code("HIGHESTMODSEQ");
        try (ImapClient other = login(target)) {
            other.command("SELECT INBOX");
            for (int i = 0; i < 50; i++) {
                long uid = 21 + i * 20L * (messages / 2000);
                other.command("UID STORE " + uid + " +FLAGS.SILENT (\\Flagged)");
                other.command("UID STORE " + (uid + 1) + " +FLAGS.SILENT (\\Deleted)");
                other.command("UID EXPUNGE " + (uid + 1));
            }
        }
        String missed = "SELECT INBOX (QRESYNC (" + validity + " " + before + "))";
        time("SELECT (QRESYNC) that missed 100 changes", client, missed);
        time("NOOP", client, "NOOP");
    }

    private void time(String what, ImapClient client, String command) throws IOException {
        long[] micros = new long[rounds + 1];
        for (int i = 0; i <= rounds; i++) {
            long started = System.nanoTime();
            client.command(command);
            micros[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started);
        }
        long first = micros[0];
        Arrays.sort(micros);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f |%n",
                what,
                first / 1e3,
                micros[micros.length / 2] / 1e3,
                micros[rounds] / 1e3);
    }

    /** What each session that has it selected holds. */
    private void weigh(Target target) throws Exception {
        List<ImapClient> clients = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            clients.add(login(target));
        }
        long before = heap();
        for (ImapClient client : clients) {
            client.command("SELECT INBOX");
        }
        System.out.printf(
                Locale.ROOT, "%nEach session that has it selected: %,d octets of heap%n", (heap() - before) / sessions);
        for (ImapClient client : clients) {
            client.close();
        }
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static ImapClient login(Target target) throws IOException {
        return new ImapClient(target).login(LOGIN, PASSWORD);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.MINUTES);
    }
}
