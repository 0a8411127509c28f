package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.store.Account;
import io.postrider.store.MailboxKey;
import io.postrider.store.Mailboxes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweeperTest {
    private final StoreFixture fixture = new StoreFixture();
    private final Account alice = fixture.account("alice");
    private final Mailboxes mailboxes = fixture.store.mailboxes();
    private final Database database = new Database(fixture.vertx, fixture.options, new SimpleMeterRegistry());
    private final Sweeper sweeper = new Sweeper(database, SweepOptions.DEFAULT);

    @AfterEach
    void close() {
        await(database.close());
        fixture.close();
    }

    /** A mailbox with messages that have contents, chunks and search text. */
    private MailboxKey mailboxWith(String name, int messages) {
        await(mailboxes.create(alice.accountId(), name, Optional.empty()));
        MailboxKey mailbox = fixture.mailbox(alice, name);
        fixture.fill(mailbox, messages);
        String from = " from message where mailbox_id = " + mailbox.mailboxId();
        fixture.database.execute(
                "insert into content (account_id, content_id, size, header, envelope, bodystructure, body,"
                        + " structure, base_subject, subject_is_reply, sort_from, sort_to, sort_cc, display_from, display_to, message_id,"
                        + " reference_ids, thread_id, preview) select account_id, content_id, 1, '', '', '', '', '', '', false, '', '', '',"
                        + " '', '', '', '{}', 0, ''" + from);
        fixture.database.execute(
                "insert into chunk (account_id, content_id, n, octets) select account_id, content_id, n, 'x'"
                        + from.replace(" where", ", generate_series(0, 1) as n where"));
        fixture.database.execute(
                "insert into search_text (account_id, content_id, header, body) select account_id, content_id, '', ''"
                        + from);
        return mailbox;
    }

    private String contents() {
        return fixture.count("select count(*) from content") + " contents, "
                + fixture.count("select count(*) from chunk")
                + " chunks, " + fixture.count("select count(*) from search_text") + " texts, "
                + fixture.count("select count(*) from unreferenced") + " candidates";
    }

    private void age(String table, String column, Duration age) {
        fixture.database.execute(
                "update " + table + " set " + column + " = now() - interval '" + age.toSeconds() + " seconds'");
    }

    @Test
    void octetsOfADeletedMailboxGoAfterTheGracePeriodAndNotBefore() {
        mailboxWith("a", 5);
        mailboxWith("b", 3);
        await(mailboxes.delete(alice.accountId(), "a"));
        age("unreferenced", "since", Duration.ofDays(7).minusMinutes(1));
        await(sweeper.sweep());
        assertEquals("8 contents, 16 chunks, 8 texts, 5 candidates", contents());
        age("unreferenced", "since", Duration.ofDays(7).plusMinutes(1));
        await(sweeper.sweep());
        assertEquals("3 contents, 6 chunks, 3 texts, 0 candidates", contents());
    }

    @Test
    void octetsThatACopyStillNeedsStay() {
        mailboxWith("a", 5);
        MailboxKey copies = mailboxWith("b", 0);
        fixture.database.execute(
                "insert into message select account_id, " + copies.mailboxId()
                        + ", uid, modseq, flags, keywords, internal_date, save_date, size, content_id from message where uid <= 2");
        await(mailboxes.delete(alice.accountId(), "a"));
        age("unreferenced", "since", Duration.ofDays(8));
        await(sweeper.sweep());
        assertEquals("2 contents, 4 chunks, 2 texts, 0 candidates", contents());
    }

    @Test
    void anotherAccountsContentOfTheSameNumberIsAnotherContent() {
        mailboxWith("a", 1);
        fixture.database.execute(
                "insert into unreferenced (account_id, content_id, since) select account_id + 1, content_id,"
                        + " now() - interval '30 days' from content");
        await(sweeper.sweep());
        assertEquals("1 contents, 2 chunks, 1 texts, 0 candidates", contents());
    }

    @Test
    void whatIsDueGoesInBatchesUntilAllIsGone() {
        mailboxWith("a", 2 * Sweeper.BATCH + 1);
        await(mailboxes.delete(alice.accountId(), "a"));
        age("unreferenced", "since", Duration.ofDays(8));
        await(sweeper.sweep());
        assertEquals("0 contents, 0 chunks, 0 texts, 0 candidates", contents());
    }

    @Test
    void chunksWhoseMessageNeverCameGoAfterADay() {
        mailboxWith("a", 1);
        fixture.database.execute(
                "insert into incoming (account_id, content_id) select account_id, content_id from content");
        fixture.database.execute("insert into incoming (account_id, content_id) values (1, 5)");
        fixture.database.execute(
                "insert into chunk (account_id, content_id, n, octets) values (1, 5, 0, 'x'), (1, 5, 1, 'x')");
        await(sweeper.sweep());
        assertEquals(4, fixture.count("select count(*) from chunk"));
        age("incoming", "started_at", Duration.ofDays(2));
        await(sweeper.sweep());
        assertEquals(0, fixture.count("select count(*) from incoming"));
        assertEquals("1 contents, 2 chunks, 1 texts, 0 candidates", contents());
    }

    @Test
    void oldExpungesAreForgottenAndTheMailboxKnowsUpToWhere() {
        MailboxKey mailbox = fixture.mailbox(alice, "INBOX");
        fixture.database.execute("insert into expunged (account_id, mailbox_id, modseq, uid, expunged_at) select "
                + mailbox.accountId() + ", " + mailbox.mailboxId()
                + ", n / 10, n, now() - case when n <= 4000 then interval '91 days' else interval '89 days' end from"
                + " generate_series(1, 4010) as n");
        await(sweeper.sweep());
        assertEquals(10, fixture.count("select count(*) from expunged"));
        assertEquals(
                400,
                fixture.count("select expunged_pruned_modseq from mailbox where mailbox_id = " + mailbox.mailboxId()));
        assertEquals(
                0,
                fixture.count(
                        "select max(expunged_pruned_modseq) from mailbox where mailbox_id <> " + mailbox.mailboxId()));
    }

    @Test
    void whileAnotherNodeSweepsThisOneDoesNot() {
        mailboxWith("a", 5);
        await(mailboxes.delete(alice.accountId(), "a"));
        age("unreferenced", "since", Duration.ofDays(8));
        await(database.transaction(1, "other node", tx -> tx.execute(
                        SweeperQueries.TRY_LOCK, io.vertx.sqlclient.Tuple.of((long) Sweeper.LOCK))
                .compose(v -> sweeper.sweep())));
        assertEquals("5 contents, 10 chunks, 5 texts, 5 candidates", contents());
        await(Future.all(sweeper.sweep(), new Sweeper(database, SweepOptions.DEFAULT).sweep()));
        assertEquals("0 contents, 0 chunks, 0 texts, 0 candidates", contents());
    }

    @Test
    void itSweepsByItselfUntilItIsStopped() {
        mailboxWith("a", 5);
        await(mailboxes.delete(alice.accountId(), "a"));
        Sweeper often = new Sweeper(
                database,
                new SweepOptions(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(50)));
        often.start();
        until("swept", () -> contents().startsWith("0 contents"));
        mailboxWith("b", 1);
        await(mailboxes.delete(alice.accountId(), "b"));
        until("swept again", () -> contents().startsWith("0 contents"));
        often.stop();
    }
}
