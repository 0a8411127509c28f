package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Flags;
import io.postrider.store.Messages;
import io.postrider.store.Messages.Appended;
import io.postrider.store.NewContent;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes to one mailbox gather while a commit is on its way. */
class MailboxWriterTest {
    private final StoreFixture fixture = new StoreFixture();
    private final Mail alice = new Mail(fixture.store, fixture.account("alice"));
    private final Messages messages = fixture.store.messages();
    private final NewContent content = alice.content(Mail.text("x"));

    @AfterEach
    void close() {
        fixture.close();
    }

    private Future<Appended> append(Flags flags) {
        return messages.append(alice.inbox, List.of(new NewMessage(content, flags, null)));
    }

    /** Holds the mailbox's row locked meanwhile, so that all that comes gathers. */
    private void whileLocked(Runnable work) {
        PgConnection holder = fixture.locked(alice.inbox);
        work.run();
        fixture.letGo(holder);
    }

    /** Those of one commit have one save date. */
    private long commits() {
        return fixture.count("select count(distinct save_date) from message");
    }

    @Test
    void whatComesTogetherSharesACommitAndEachGetsItsOwnUidAndModSeq() {
        List<Future<Appended>> all = new ArrayList<>();
        whileLocked(() -> IntStream.range(0, 51).forEach(i -> all.add(append(Flags.NONE))));
        List<Appended> answers = all.stream().map(Waiting::await).toList();
        for (int i = 1; i < answers.size(); i++) {
            assertEquals(
                    answers.get(i - 1).uids().max() + 1, answers.get(i).uids().min());
            assertEquals(answers.get(i - 1).modSeq() + 1, answers.get(i).modSeq());
            assertEquals(
                    answers.get(i).modSeq(),
                    alice.fetchOne(answers.get(i).uids().min()).message().modSeq());
        }
        assertEquals(2, commits());
        assertEquals(answers.get(50).modSeq(), alice.get(alice.inbox).highestModSeq());
    }

    @Test
    void aBatchHasSoManyMessagesAndNoMore() {
        List<Future<Appended>> all = new ArrayList<>();
        whileLocked(() ->
                IntStream.range(0, 1 + 2 * MailboxWriter.BATCH_MESSAGES).forEach(i -> all.add(append(Flags.NONE))));
        all.forEach(Waiting::await);
        assertEquals(3, commits());
    }

    @Test
    void aBatchHasSoManyOctetsAndNoMore() {
        NewContent large = alice.content("\r\n" + "x".repeat(MailboxWriter.BATCH_OCTETS / 9));
        List<Future<Appended>> all = new ArrayList<>();
        whileLocked(() -> IntStream.range(0, 9)
                .forEach(i -> all.add(messages.append(alice.inbox, List.of(new NewMessage(large, Flags.NONE, null))))));
        all.forEach(Waiting::await);
        // The text to search counts as well as the octets: four to a commit.
        assertEquals(3, commits());
    }

    @Test
    void oneThatCannotBeGrantedDoesNotTakeTheOthersDown() {
        long octets = content.size();
        fixture.database.execute("update account set octet_limit = " + 10 * octets);
        NewContent large = alice.content(Mail.text("x") + "x".repeat((int) (8 * octets)));
        List<Future<Appended>> all = new ArrayList<>();
        whileLocked(() -> {
            for (int i = 0; i < 10; i++) {
                all.add(
                        i == 4
                                ? messages.append(alice.inbox, List.of(new NewMessage(large, Flags.NONE, null)))
                                : append(new Flags(0, List.of("k" + i))));
            }
        });
        Refusal refusal = awaitFailure(Refusal.class, all.get(4));
        assertEquals(Refusal.Kind.OVER_QUOTA, refusal.kind());
        all.remove(4);
        assertEquals(UidSet.range(1, 9), all.stream().map(a -> await(a).uids()).reduce(UidSet.EMPTY, UidSet::union));
        assertEquals(9 * octets, alice.get(alice.inbox).octets());
    }

    @Test
    void oneWithAKeywordTooManyDoesNotTakeTheOthersDown() {
        List<String> almostAll =
                IntStream.range(1, Messages.MAX_KEYWORDS).mapToObj(i -> "k" + i).toList();
        List<Future<Appended>> all = new ArrayList<>();
        whileLocked(() -> {
            all.add(append(new Flags(0, almostAll)));
            all.add(append(new Flags(0, List.of("last"))));
            all.add(append(new Flags(0, List.of("too", "many"))));
            all.add(append(new Flags(0, List.of("K1", "LAST"))));
        });
        assertEquals(Refusal.Kind.LIMIT, awaitFailure(Refusal.class, all.get(2)).kind());
        all.remove(2);
        all.forEach(Waiting::await);
        assertEquals(Messages.MAX_KEYWORDS, alice.get(alice.inbox).keywords().size());
        assertEquals(List.of("k1", "last"), alice.flags(3).keywords());
    }

    @Test
    void soManyWritesMayWaitForAMailboxAndNoMore() {
        List<Future<Appended>> all = new ArrayList<>();
        whileLocked(() -> {
            // One is on its way, so many wait, and one is too many, whichever that is.
            IntStream.range(0, 1 + MailboxWriter.MAX_WAITING + 1).forEach(i -> all.add(append(Flags.NONE)));
            Waiting.until("one is refused", () -> all.stream().anyMatch(Future::failed));
        });
        await(Future.join(all).otherwiseEmpty());
        List<Future<Appended>> refused = all.stream().filter(Future::failed).toList();
        assertEquals(1, refused.size());
        awaitFailure(StoreUnavailableException.class, refused.get(0));
        assertEquals(1 + MailboxWriter.MAX_WAITING, alice.get(alice.inbox).messages());
        await(append(Flags.NONE));
    }

    @Test
    void deliveriesByNameGatherToo() {
        List<Future<Appended>> all = new ArrayList<>();
        whileLocked(() -> IntStream.range(0, 21)
                .forEach(i -> all.add(
                        messages.deliver(alice.account, "INBOX", content, Buffer.buffer("X-N: " + i + "\r\n")))));
        all.forEach(Waiting::await);
        assertEquals(2, commits());
    }

    @Test
    void otherMailboxesDoNotWait() {
        var other = alice.create("other");
        whileLocked(() -> {
            Future<Appended> waiting = append(Flags.NONE);
            await(messages.append(other, List.of(new NewMessage(content, Flags.NONE, null))));
            assertTrue(!waiting.isComplete());
        });
    }
}
