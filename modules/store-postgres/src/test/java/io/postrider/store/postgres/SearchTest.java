package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.postrider.store.FlagChange.Mode;
import io.postrider.store.Flags;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.Messages.Found;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.postrider.store.SearchKey;
import io.postrider.store.SearchKey.Age;
import io.postrider.store.SearchKey.All;
import io.postrider.store.SearchKey.And;
import io.postrider.store.SearchKey.Body;
import io.postrider.store.SearchKey.Comparison;
import io.postrider.store.SearchKey.Date;
import io.postrider.store.SearchKey.Dated;
import io.postrider.store.SearchKey.EmailId;
import io.postrider.store.SearchKey.HasFlag;
import io.postrider.store.SearchKey.HasKeyword;
import io.postrider.store.SearchKey.Header;
import io.postrider.store.SearchKey.Larger;
import io.postrider.store.SearchKey.ModSeq;
import io.postrider.store.SearchKey.Not;
import io.postrider.store.SearchKey.Or;
import io.postrider.store.SearchKey.Smaller;
import io.postrider.store.SearchKey.Text;
import io.postrider.store.SearchKey.Uids;
import io.postrider.store.UidSet;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SearchTest {
    private final StoreFixture fixture = new StoreFixture();
    private final Mail alice = new Mail(fixture.store, fixture.account("alice"));
    private final Messages messages = fixture.store.messages();
    private final MailboxKey inbox = alice.inbox;

    @AfterEach
    void close() {
        fixture.close();
    }

    private void append(String message, Flags flags, Instant date) {
        await(messages.append(inbox, List.of(new NewMessage(alice.content(message), flags, date))));
    }

    private void append(String message) {
        append(message, Flags.NONE, null);
    }

    private UidSet search(SearchKey key) {
        return await(messages.search(inbox, key)).uids();
    }

    private static UidSet uids(long... uids) {
        return UidSet.of(uids);
    }

    @Test
    void allOfAnEmptyMailboxIsNothing() {
        assertEquals(new Found(UidSet.EMPTY, 0), await(messages.search(inbox, new All())));
    }

    @Test
    void flagsAndKeywords() {
        append("\r\n", new Flags(Flags.SEEN | Flags.FLAGGED, List.of("Work")), null);
        append("\r\n");
        assertEquals(uids(1, 2), search(new All()));
        assertEquals(uids(1), search(new HasFlag(Flags.SEEN)));
        assertEquals(uids(2), search(new Not(new HasFlag(Flags.SEEN))));
        assertEquals(uids(1), search(new HasKeyword("wORK")));
        assertEquals(uids(2), search(new Not(new HasKeyword("work"))));
        assertEquals(uids(), search(new HasKeyword("no\0ne")));
        assertEquals(uids(1), search(new And(List.of(new HasFlag(Flags.FLAGGED), new HasKeyword("work")))));
        assertEquals(uids(1, 2), search(new And(List.of())));
        assertEquals(uids(1, 2), search(new Or(new HasFlag(Flags.SEEN), new Not(new HasFlag(Flags.SEEN)))));
    }

    @Test
    void uidsAndSizes() {
        for (int i = 0; i < 10; i++) {
            append("\r\n" + "x".repeat(i));
        }
        assertEquals(uids(3), search(new Uids(uids(3))));
        assertEquals(uids(2, 3, 4, 9), search(new Uids(uids(2, 3, 4, 9, 1000))));
        assertEquals(uids(), search(new Uids(UidSet.EMPTY)));
        assertEquals(UidSet.range(1, 10), search(new Not(new Uids(UidSet.EMPTY))));
        assertEquals(UidSet.range(1, 10), search(new Uids(UidSet.ALL)));
        assertEquals(uids(1, 4), search(new And(List.of(new Uids(UidSet.range(1, 4)), new Not(new Uids(uids(2, 3)))))));
        assertEquals(uids(9, 10), search(new Larger(9)));
        assertEquals(uids(1, 2), search(new Smaller(4)));
        assertEquals(uids(), search(new Larger(Long.MAX_VALUE)));
    }

    @Test
    void manyScatteredUidsAreOneArgument() {
        append("\r\n");
        append("\r\n");
        UidSet.Builder odd = new UidSet.Builder();
        for (long uid = 1; uid < 200_000; uid += 2) {
            odd.add(uid);
        }
        assertEquals(uids(1), search(new Uids(odd.build())));
    }

    @Test
    void datesAreDaysInUtc() {
        append("Date: Tue, 3 Feb 2026 01:30:00 +0200\r\n\r\n", Flags.NONE, Instant.parse("2026-02-02T23:59:59Z"));
        append("Date: Tue, 3 Feb 2026 23:30:00 -0500\r\n\r\n", Flags.NONE, Instant.parse("2026-02-03T00:00:00Z"));
        append("Date: nonsense\r\n\r\n", Flags.NONE, Instant.parse("2026-02-04T00:00:00Z"));
        LocalDate third = LocalDate.of(2026, 2, 3);
        assertEquals(uids(1), search(new Dated(Date.INTERNAL, Comparison.BEFORE, third)));
        assertEquals(uids(2), search(new Dated(Date.INTERNAL, Comparison.ON, third)));
        assertEquals(uids(2, 3), search(new Dated(Date.INTERNAL, Comparison.SINCE, third)));
        // The date that the field shows, its zone disregarded. RFC 3501 §6.4.4
        assertEquals(uids(1, 2), search(new Dated(Date.SENT, Comparison.ON, third)));
        assertEquals(uids(), search(new Dated(Date.SENT, Comparison.BEFORE, third)));
        assertEquals(uids(3), search(new Not(new Dated(Date.SENT, Comparison.SINCE, third))));
        LocalDate tomorrow = LocalDate.now(java.time.ZoneOffset.UTC).plusDays(1);
        assertEquals(uids(1, 2, 3), search(new Dated(Date.SAVED, Comparison.BEFORE, tomorrow)));
        assertEquals(uids(), search(new Dated(Date.SAVED, Comparison.SINCE, tomorrow)));
        assertEquals(uids(1, 2, 3), search(new Dated(Date.INTERNAL, Comparison.BEFORE, LocalDate.of(9999, 12, 31))));
        assertEquals(uids(), search(new Dated(Date.INTERNAL, Comparison.ON, LocalDate.of(0, 1, 1))));
    }

    @Test
    void ages() {
        append("\r\n", Flags.NONE, Instant.now().minusSeconds(3600));
        append("\r\n");
        assertEquals(uids(1), search(new Age(false, Duration.ofSeconds(1800))));
        assertEquals(uids(2), search(new Age(true, Duration.ofSeconds(1800))));
        assertEquals(uids(1, 2), search(new Age(true, Duration.ofSeconds(Long.MAX_VALUE))));
        assertEquals(uids(), search(new Age(false, Duration.ofSeconds(Long.MAX_VALUE))));
    }

    @Test
    void headerFieldsByNameAndText() {
        append("Subject: Grüße aus ZÜRICH\r\nX-Empty:\r\nFrom: Alice <alice@example.com>\r\n\r\nbody subject: no\r\n");
        append("Subject: =?utf-8?q?gr=C3=BCsse?=\r\nX-Subject: zürich\r\nTo: zürich\r\n\r\nx-empty: y\r\n");
        append("Subject: one\r\nsubject: two\r\n folded\r\n\r\n");
        assertEquals(uids(1), search(new Header("Subject", "zürich")));
        assertEquals(uids(1), search(new Header("SUBJECT", "AUS Z")));
        assertEquals(uids(1, 2, 3), search(new Header("subject", "")));
        assertEquals(uids(1), search(new Header("x-empty", "")));
        assertEquals(uids(), search(new Header("x-empty", "y")));
        assertEquals(uids(3), search(new Header("subject", "two folded")));
        assertEquals(uids(3), search(new Header("subject", "one")));
        assertEquals(uids(), search(new Header("subject", "one\ntwo")));
        assertEquals(uids(), search(new Header("bcc", "")));
        assertEquals(uids(1), search(new Header("from", "ALICE@")));
        assertEquals(uids(), search(new Header("", "zürich")));
        assertEquals(uids(2, 3), search(new Not(new Header("subject", "zürich"))));
    }

    @Test
    void theFieldsNameIsNotPartOfItsValue() {
        append("Subject: x\r\n\r\n");
        assertEquals(uids(), search(new Header("subject", "subject")));
        assertEquals(uids(), search(new Header("subj", "")));
    }

    @Test
    void bodyAndText() {
        append("Subject: needle\r\n\r\nhay\r\n");
        append(
                "Subject: hay\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
                        + "\r\nNe=65dle 100%_\\ =C3=84rger\r\n");
        assertEquals(uids(2), search(new Body("NEEDLE")));
        assertEquals(uids(1, 2), search(new Text("needle")));
        assertEquals(uids(2), search(new Body("100%_\\")));
        assertEquals(uids(), search(new Body("100x")));
        assertEquals(uids(2), search(new Body("ÄRGER")));
        assertEquals(uids(1, 2), search(new Body("")));
        assertEquals(uids(1), search(new And(List.of(new Body("hay"), new Not(new Body("needle"))))));
        assertEquals(uids(2), search(new Or(new Body("ärger"), new Header("subject", "nothing"))));
    }

    @Test
    void whatAClientSearchesForIsNeverSql() {
        append("Subject: it's\r\n\r\n'; drop table message; --\r\n");
        for (String nasty :
                List.of("' or true --", "\\", "%", "$1", "'", "\"", "nul\0", "\uD800", "x".repeat(100_000))) {
            assertEquals(uids(), search(new Body(nasty + "!")), nasty.substring(0, 1));
            assertEquals(uids(), search(new Header(nasty, nasty)));
            assertEquals(uids(), search(new HasKeyword(nasty)));
        }
        assertEquals(uids(1), search(new Body("'; DROP TABLE message; --")));
        assertEquals(uids(1), search(new Header("subject", "it's")));
    }

    @Test
    void modSeqAndItsHighestAmongTheFound() {
        append("\r\n");
        append("\r\n");
        append("\r\n");
        long seen = alice.store(UidSet.of(2), Mode.ADD, Flags.of(Flags.SEEN)).modSeq();
        Found found = await(messages.search(inbox, new And(List.of(new ModSeq(seen - 1), new All()))));
        assertEquals(new Found(uids(2, 3), seen), found);
        assertEquals(new Found(UidSet.EMPTY, 0), await(messages.search(inbox, new ModSeq(seen + 1))));
        assertEquals(0, await(messages.search(inbox, new All())).modSeq());
        assertEquals(
                seen - 1,
                await(messages.search(inbox, new And(List.of(new ModSeq(0), new Uids(uids(1, 3))))))
                        .modSeq());
    }

    @Test
    void byEmailId() {
        append("\r\n");
        append("\r\n");
        assertEquals(uids(2), search(new EmailId(alice.fetchOne(2).message().contentId())));
        assertEquals(uids(), search(new EmailId(-1)));
    }

    private static SearchKey nested(int depth) {
        SearchKey key = new HasFlag(Flags.SEEN);
        for (int i = 1; i < depth; i++) {
            key = i % 2 == 0 ? new Not(key) : new Or(key, new HasFlag(Flags.DRAFT));
        }
        return key;
    }

    @Test
    void keysNestSoDeepAndNoDeeper() {
        append("\r\n", Flags.of(Flags.SEEN), null);
        search(nested(SearchKey.MAX_DEPTH));
        Refusal refusal = awaitFailure(Refusal.class, messages.search(inbox, nested(SearchKey.MAX_DEPTH + 1)));
        assertEquals(Refusal.Kind.LIMIT, refusal.kind());
    }

    @Test
    void soManyKeysAndNoMore() {
        append("Subject: x\r\n\r\n");
        List<SearchKey> keys = new ArrayList<>(Collections.nCopies(SearchKey.MAX_KEYS - 1, new Header("subject", "x")));
        assertEquals(uids(1), search(new And(keys)));
        keys.add(new All());
        Refusal refusal = awaitFailure(Refusal.class, messages.search(inbox, new And(keys)));
        assertEquals(Refusal.Kind.LIMIT, refusal.kind());
    }

    @Test
    void aMailboxThatIsGoneHasNothingToFind() {
        MailboxKey gone = alice.create("gone");
        await(fixture.store.mailboxes().delete(alice.account, "gone"));
        assertEquals(
                Refusal.Kind.NONEXISTENT,
                awaitFailure(Refusal.class, messages.search(gone, new All())).kind());
    }

    @Test
    void assembledStatementsAreNotKeptPrepared() {
        assertFalse(fixture.options
                .servers()
                .get(0)
                .getPreparedStatementCacheSqlFilter()
                .test(AssembledSearch.of(inbox, new All()).statement().sql()));
    }
}
