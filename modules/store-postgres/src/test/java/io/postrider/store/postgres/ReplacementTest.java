package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.postrider.store.Flags;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages.Changes;
import io.postrider.store.Messages.Replaced;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** REPLACE: one message for another, or nothing. */
class ReplacementTest {
    private final StoreFixture fixture = new StoreFixture();
    private final Mail alice = new Mail(fixture.store, fixture.account("alice"));

    @AfterEach
    void close() {
        fixture.close();
    }

    private Future<Replaced> replacing(long uid, MailboxKey to, String subject) {
        return alice.messages()
                .replace(alice.inbox, uid, to, new NewMessage(alice.content(Mail.text(subject)), Flags.NONE, null));
    }

    @Test
    void oneGoesAndAnotherComes() {
        alice.append(3);
        long contentId = alice.fetchOne(2).message().contentId();
        Mailbox before = alice.get(alice.inbox);
        Replaced replaced = await(replacing(2, alice.inbox, "new"));
        assertEquals(UidSet.of(4), replaced.appended().uids());
        assertEquals(before.uidValidity(), replaced.appended().uidValidity());
        assertEquals(before.highestModSeq() + 1, replaced.expungeModSeq());
        assertEquals(before.highestModSeq() + 2, replaced.appended().modSeq());
        Changes changes = await(alice.messages().changesSince(alice.inbox, before.highestModSeq(), false));
        assertEquals(UidSet.of(2), changes.expunged());
        assertEquals(1, changes.changed().size());
        assertEquals(4, changes.changed().get(0).uid());
        Mailbox after = alice.get(alice.inbox);
        assertEquals(3, after.messages());
        assertEquals(3, after.unseen());
        assertEquals(
                before.octets() - Mail.text("m1").length() + Mail.text("new").length(), after.octets());
        // RFC 8508 §4.6
        assertNotEquals(contentId, alice.fetchOne(4).message().contentId());
    }

    @Test
    void intoAnotherMailbox() {
        alice.append(2);
        MailboxKey sent = alice.find("Sent").key();
        await(replacing(1, sent, "sent"));
        assertEquals(1, alice.get(alice.inbox).messages());
        assertEquals(1, alice.get(sent).messages());
    }

    @Test
    void whatCannotBeAppendedRemovesNothing() {
        alice.append(1);
        long octets = alice.get(alice.inbox).octets();
        fixture.database.execute(
                "update account set octet_limit = " + (octets + 6) + " where account_id = " + alice.account);
        // Only what both come to counts against the quota. RFC 8508 §3.4
        await(replacing(1, alice.inbox, "m1234"));
        Refusal refusal = awaitFailure(Refusal.class, replacing(2, alice.inbox, "much longer than it was"));
        assertEquals(Refusal.Kind.OVER_QUOTA, refusal.kind());
        assertEquals(1, alice.get(alice.inbox).messages());
        assertEquals(1, alice.fetch(alice.inbox, UidSet.of(2)).size());
        MailboxKey gone = alice.create("gone");
        await(fixture.store.mailboxes().delete(alice.account, "gone"));
        refusal = awaitFailure(Refusal.class, replacing(2, gone, "x"));
        assertEquals(Refusal.Kind.NONEXISTENT, refusal.kind());
        assertEquals(1, alice.fetch(alice.inbox, UidSet.of(2)).size());
    }

    @Test
    void ofManyThatReplaceOneMessageOneDoes() {
        alice.append(1);
        List<Future<Replaced>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(replacing(1, alice.inbox, "r" + i));
        }
        await(Future.join(all).otherwiseEmpty());
        assertEquals(1, all.stream().filter(Future::succeeded).count());
        for (Future<Replaced> failed : all.stream().filter(Future::failed).toList()) {
            assertEquals(Refusal.Kind.EXPUNGED, ((Refusal) failed.cause()).kind());
        }
        assertEquals(1, alice.get(alice.inbox).messages());
    }
}
