package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.FlagChange.Mode;
import io.postrider.store.Flags;
import io.postrider.store.Messages;
import io.postrider.store.Messages.Opened;
import io.postrider.store.UidSet;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large mailboxes with gaps open from what was kept of their UIDs. */
class UidSnapshotTest {
    private static final int COUNT = MailboxReader.SNAPSHOT_MESSAGES + 1000;

    private final StoreFixture fixture = new StoreFixture();
    private final Mail alice = new Mail(fixture.store, fixture.account("alice"));
    private final Messages messages = fixture.store.messages();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** A message, and as many copies of it by SQL. */
    private void fill(int count) {
        alice.append("first");
        fixture.database.execute(
                "insert into message (account_id, mailbox_id, uid, modseq, flags, internal_date, save_date,"
                        + " size, content_id) select account_id, mailbox_id, n, 2, 0, internal_date, save_date, size, content_id"
                        + " from message, generate_series(2, " + count + ") as n");
        fixture.database.execute("update mailbox b set uid_next = " + (count + 1) + ", messages = s.messages, unseen ="
                + " s.messages, octets = s.octets from (select mailbox_id, count(*) as messages, sum(size) as octets from"
                + " message group by mailbox_id) as s where b.mailbox_id = s.mailbox_id");
    }

    private Opened open() {
        return await(messages.open(alice.inbox, false));
    }

    private UidSet truth() {
        String uids = fixture.database.queryOne("select string_agg(uid::text, ',' order by uid) from message");
        UidSet.Builder all = new UidSet.Builder();
        for (String uid : uids.split(",")) {
            all.add(Long.parseLong(uid));
        }
        return all.build();
    }

    private void expunge(UidSet uids) {
        alice.store(uids, Mode.ADD, Flags.of(Flags.DELETED));
        await(messages.expunge(alice.inbox, uids));
    }

    private void awaitKept(long modSeq) {
        Waiting.until("kept", () -> fixture.count("select coalesce(max(modseq), 0) from uid_snapshot") == modSeq);
    }

    @Test
    void aMailboxWithGapsOpensFromWhatWasKept() {
        fill(COUNT);
        open();
        expunge(UidSet.of(5, 7, 100, 4000));
        Opened first = open();
        assertEquals(truth(), first.uids());
        awaitKept(first.mailbox().highestModSeq());

        Random random = new Random(7);
        for (int round = 0; round < 5; round++) {
            alice.append(3);
            expunge(UidSet.of(10 + random.nextInt(COUNT), 10 + random.nextInt(COUNT), COUNT + 1 + round));
            Opened again = open();
            assertEquals(truth(), again.uids());
            assertEquals(again.mailbox().messages(), again.uids().size());
        }
        // What is kept, and not the rows, is what it was opened from.
        fixture.database.execute("delete from message where uid = 9");
        assertTrue(open().uids().contains(9));
    }

    @Test
    void whenTheLogDoesNotGoBackToItAllIsReadAndKeptAnew() {
        fill(COUNT);
        expunge(UidSet.of(5));
        awaitKept(open().mailbox().highestModSeq());
        expunge(UidSet.of(50, 60));
        fixture.database.execute("delete from expunged");
        fixture.database.execute("update mailbox set expunged_pruned_modseq = highest_modseq");
        Opened opened = open();
        assertEquals(truth(), opened.uids());
        awaitKept(opened.mailbox().highestModSeq());
    }

    @Test
    void aSmallMailboxAndOneWithoutGapsKeepNothing() {
        fill(100);
        expunge(UidSet.of(50));
        open();
        assertEquals(0, fixture.count("select count(*) from uid_snapshot"));
    }

    @Test
    void itGoesWithItsMailbox() {
        fill(COUNT);
        expunge(UidSet.of(5));
        awaitKept(open().mailbox().highestModSeq());
        await(fixture.store.mailboxes().rename(alice.inbox.accountId(), "INBOX", "Old"));
        assertEquals(UidSet.EMPTY, open().uids());
        alice.append(2);
        assertEquals(truth().above(COUNT), open().uids());
        Opened old = await(messages.open(alice.find("Old").key(), false));
        assertEquals(COUNT - 1, old.uids().size());
        Waiting.until("kept", () -> fixture.count("select count(*) from uid_snapshot") == 2);
        await(fixture.store.mailboxes().delete(alice.inbox.accountId(), "Old"));
        assertEquals(1, fixture.count("select count(*) from uid_snapshot"));
    }

    @Test
    void packedIsUnpackedAgain() {
        for (UidSet set : new UidSet[] {
            UidSet.EMPTY,
            UidSet.ALL,
            UidSet.of(1),
            UidSet.of(UidSet.MAX_UID),
            UidSet.of(1, 3, 200, 40_000).union(UidSet.range(1_000_000, 3_000_000_000L))
        }) {
            assertEquals(set, UidArrays.unpacked(UidArrays.packed(set)));
        }
    }
}
