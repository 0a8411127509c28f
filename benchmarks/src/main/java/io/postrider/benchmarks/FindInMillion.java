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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * SORT, THREAD and SEARCH in texts, where every message is one of its own: sender, subject, date, references and a text of some
 * 700 octets. Server and database are in and below this process; the mailbox is made by SQL out of one message that was
 * appended. Every twentieth UID is missing, one message in twenty is unseen.
 */
@Command(
        name = "find-in-million",
        mixinStandardHelpOptions = true,
        description = "Measures SORT, THREAD and SEARCH among a million messages.")
public final class FindInMillion implements Callable<Integer> {
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

    private final Vertx vertx = Vertx.vertx();

    public static void main(String[] args) {
        System.exit(new CommandLine(new FindInMillion()).execute(args));
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
            Target target = new Target("postrider", "127.0.0.1", server.port(), 0, 0, 0, List.of());
            try (ImapClient client = login(target)) {
                client.append("INBOX", MESSAGE);
                fill(database);
                makeDistinct(database);
                find(client);
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

    /** Threads of five, in the order of their dates by chance; one text in 100,000 holds a word that is rare. */
    private static void makeDistinct(TestDatabase database) {
        database.execute("""
                insert into content (account_id, content_id, size, header, envelope, bodystructure, body, structure,
                  base_subject, subject_is_reply, sort_from, sort_to, sort_cc, display_from, display_to, sent_at, sent_on,
                  message_id, reference_ids, thread_id, preview)
                select c.account_id, 1000000000 + m.uid, c.size, c.header, c.envelope, c.bodystructure, c.body, c.structure,
                  'subject ' || m.uid / 5, m.uid % 5 <> 0, 'sender' || hashint8(m.uid) % 2000, c.sort_to, c.sort_cc,
                  'sender' || hashint8(m.uid) % 2000, c.display_to, at.sent, to_timestamp(at.sent)::date,
                  '<' || m.uid || '@example.com>',
                  case when m.uid % 5 = 0 then '{}' else array['<' || m.uid - m.uid % 5 || '@example.com>'] end,
                  1000000000 + m.uid - m.uid % 5, c.preview
                from message m
                join content c on c.account_id = m.account_id and c.content_id = m.content_id
                cross join lateral (select 1400000000 + hashint8(m.uid)::bigint % 100000000 as sent) as at
                """);
        database.execute("""
                insert into search_text (account_id, content_id, header, body)
                select m.account_id, 1000000000 + m.uid,
                  'from: sender' || hashint8(m.uid) % 2000 || case when m.uid % 100000 = 7 then ' rarebird' else '' end
                    || e' <sender@example.com>\nto: big@example.com\nsubject: subject ' || m.uid / 5,
                  repeat('a line of text, as there are so many. ', 18) || m.uid
                    || case when m.uid % 100000 = 8 then ' rarefish' else '' end
                from message m
                """);
        database.execute("update message set content_id = 1000000000 + uid");
        database.execute("vacuum analyze message, content, search_text");
    }

    private void find(ImapClient client) throws Exception {
        client.command("SELECT INBOX");
        long before = heap();
        System.out.printf(Locale.ROOT, "heap before: %,d octets%n%n", before);
        System.out.println("| | first ms | p50 ms | slowest ms |");
        System.out.println("|---|--:|--:|--:|");
        time("SORT (REVERSE ARRIVAL) all", client, "UID SORT (REVERSE ARRIVAL) UTF-8 ALL");
        time("SORT (REVERSE DATE) all", client, "UID SORT (REVERSE DATE) UTF-8 ALL");
        time("SORT (REVERSE DATE), the first fifty", client, "UID SORT RETURN (PARTIAL 1:50) (REVERSE DATE) UTF-8 ALL");
        time("SORT (SUBJECT) all", client, "UID SORT (SUBJECT) UTF-8 ALL");
        time("SORT (DATE) of 50,000 unseen", client, "UID SORT (DATE) UTF-8 UNSEEN");
        time("THREAD REFERENCES all", client, "UID THREAD REFERENCES UTF-8 ALL");
        time("THREAD REFERENCES of 50,000 unseen", client, "UID THREAD REFERENCES UTF-8 UNSEEN");
        time("SEARCH FROM a rare word", client, "UID SEARCH FROM rarebird");
        time("SEARCH BODY a rare word", client, "UID SEARCH BODY rarefish");
        time("SEARCH TEXT a rare word of 50,000 unseen", client, "UID SEARCH UNSEEN TEXT rarefish");
        System.out.printf(Locale.ROOT, "%nheap afterwards: %,d octets%n", heap());
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
