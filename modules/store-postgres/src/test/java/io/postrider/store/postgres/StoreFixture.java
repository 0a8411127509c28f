package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.store.Account;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.MailboxKey;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.List;

/** A migrated throw-away database with the domain example.com, and one or more nodes on it. */
final class StoreFixture implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final TestDatabase database = TestDatabase.create();
    final DatabaseOptions options = DatabaseOptions.of(database.url());
    final PostgresStore store;
    private final List<PostgresStore> nodes = new ArrayList<>();

    StoreFixture() {
        await(Migrator.migrate(vertx, options));
        store = anotherNode();
        await(store.directory().addDomain("example.com", "Example"));
    }

    PostgresStore anotherNode() {
        PostgresStore node = await(PostgresStore.open(vertx, options, new SimpleMeterRegistry()));
        nodes.add(node);
        return node;
    }

    /** The account of {@code name@example.com}. */
    Account account(String name) {
        return await(store.directory()
                        .createAccounts(List.of(new NewAccount(name + "@example.com", "$verifier$" + name, 0))))
                .get(0);
    }

    MailboxKey mailbox(Account account, String name) {
        return await(store.mailboxes().find(account.accountId(), name))
                .orElseThrow()
                .key();
    }

    /** Puts messages with empty contents there behind the store's back, in one statement, and counts them. */
    void fill(MailboxKey mailbox, int messages) {
        String key = "account_id = " + mailbox.accountId() + " and mailbox_id = " + mailbox.mailboxId();
        database.execute(
                "insert into message (account_id, mailbox_id, uid, modseq, flags, internal_date, save_date, size,"
                        + " content_id) select account_id, mailbox_id, uid_next + n, highest_modseq + 1, case when n % 2 = 0 then 8"
                        + " else 4 end, now(), now(), 10, mailbox_id * 1000000 + uid_next + n from mailbox, generate_series(0, "
                        + (messages - 1) + ") as n where " + key);
        database.execute(
                "update mailbox set uid_next = uid_next + " + messages + ", highest_modseq = highest_modseq + 1,"
                        + " messages = c.messages, unseen = c.unseen, deleted = c.deleted, octets = c.octets from (select count(*) as"
                        + " messages, count(*) filter (where flags & 8 = 0) as unseen, count(*) filter (where flags & 4 <> 0) as"
                        + " deleted, coalesce(sum(size), 0)::bigint as octets from message where " + key
                        + ") as c where " + key);
    }

    /** Locks the mailbox's row on a connection of its own, for {@link #letGo}. */
    PgConnection locked(MailboxKey mailbox) {
        PgConnection holder =
                await(PgConnection.connect(vertx, options.servers().get(0)));
        await(holder.query("begin").execute());
        await(holder.query("select from mailbox where account_id = " + mailbox.accountId() + " and mailbox_id = "
                        + mailbox.mailboxId() + " for update")
                .execute());
        return holder;
    }

    void letGo(PgConnection holder) {
        await(holder.query("commit").execute().compose(v -> holder.close()));
    }

    long count(String sql) {
        return Long.parseLong(database.queryOne(sql));
    }

    @Override
    public void close() {
        nodes.forEach(node -> await(node.close()));
        await(vertx.close());
        database.close();
    }
}
