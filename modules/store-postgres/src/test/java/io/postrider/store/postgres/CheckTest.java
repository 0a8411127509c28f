package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.FlagChange.Mode;
import io.postrider.store.Flags;
import io.postrider.store.IncomingMessage;
import io.postrider.store.NewContent;
import io.postrider.store.NewMessage;
import io.postrider.store.UidSet;
import io.postrider.store.administration.Administration.Checks;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Difference;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is damaged by SQL is found, and made right where it can be; what is not damaged is no difference. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckTest {
    private static final Administrator BY = Administrator.ofAll("test", "here");
    private static final String BOX = "account_id = %1$d and mailbox_id = %2$d";

    private final StoreFixture fixture = new StoreFixture();
    private final Checks checks = fixture.store.administration().checks();
    private int accounts;
    private Mail mail;
    private String address;

    @AfterAll
    void close() {
        fixture.close();
    }

    /** Five messages, the second \Seen with a keyword, the third \Deleted, the fourth expunged, the last one large. */
    @BeforeEach
    void anAccountWithMail() {
        String name = "account" + accounts++;
        address = name + "@example.com";
        mail = new Mail(fixture.store, fixture.account(name));
        mail.append("one");
        mail.append(mail.inbox, "two", new Flags(Flags.SEEN, List.of("work")));
        mail.append(mail.inbox, "three", Flags.of(Flags.DELETED));
        long four = mail.append("four");
        mail.store(UidSet.of(four), Mode.ADD, Flags.of(Flags.DELETED));
        await(mail.messages().expunge(mail.inbox, UidSet.of(four)));
        await(mail.messages().append(mail.inbox, List.of(new NewMessage(large(), Flags.NONE, null))));
        assertEquals(List.of(), check(false));
    }

    /** On an event loop, as a connection does: with a body in chunks, that is. */
    private NewContent large() {
        byte[] octets = (Mail.text("five") + "a line of text\r\n".repeat(20_000)).getBytes(StandardCharsets.US_ASCII);
        Promise<NewContent> taken = Promise.promise();
        fixture.vertx.runOnContext(v -> {
            IncomingMessage incoming = fixture.store.contents().receive(List.of(mail.account));
            incoming.write(Buffer.buffer(octets)).compose(w -> incoming.end()).onComplete(taken);
        });
        return await(taken.future());
    }

    private List<String> check(boolean mend) {
        return await(checks.account(BY, address, mend)).stream()
                .map(CheckTest::line)
                .toList();
    }

    private static String line(Difference found) {
        return (found.mailbox() + " " + found.what() + ": " + found.kept() + ", " + found.counted() + " "
                        + found.mend())
                .strip();
    }

    private void damage(String sql) {
        fixture.database.execute(sql.formatted(mail.inbox.accountId(), mail.inbox.mailboxId()));
    }

    private String ask(String sql) {
        return fixture.database.queryOne(sql.formatted(mail.inbox.accountId(), mail.inbox.mailboxId()));
    }

    private static Arguments row(String damage, String... found) {
        return Arguments.of(damage, List.of(found));
    }

    static Stream<Arguments> whatCanBeMended() {
        return Stream.of(
                row("update mailbox set messages = 9 where " + BOX, "INBOX messages: 9, 4"),
                row("update mailbox set unseen = 0 where " + BOX, "INBOX unseen: 0, 3"),
                row("update mailbox set deleted = 5 where " + BOX, "INBOX deleted: 5, 1"),
                row("update mailbox set octets = octets + 1 - octets where " + BOX, "INBOX octets: 1, OCTETS"),
                row("update mailbox set uid_next = 5 where " + BOX, "INBOX uidNext: 5, 6"),
                row("update mailbox set highest_modseq = 3 where " + BOX, "INBOX highestModSeq: 3, 8"),
                row("update mailbox set recent_from = 99 where " + BOX, "INBOX recentFrom: 99, 6"),
                row("update mailbox set keywords = '{}' where " + BOX, "INBOX keywords: without work, work"),
                row(
                        "insert into expunged (account_id, mailbox_id, modseq, uid) values (%1$d, %2$d, 8, 1)",
                        "INBOX expunged: 1 UID, still there"),
                row(
                        "insert into uid_snapshot (account_id, mailbox_id, modseq, uid_next, uids) values (%1$d, %2$d, 7, 5,"
                                + " '\\x0101')",
                        "INBOX uidSnapshot: 2 UIDs, 3 UIDs"),
                row(
                        "insert into uid_snapshot (account_id, mailbox_id, modseq, uid_next, uids) values (%1$d, %2$d, 7, 5,"
                                + " '\\x0180')",
                        "INBOX uidSnapshot: unreadable, 3 UIDs"),
                row(
                        "insert into uid_snapshot (account_id, mailbox_id, modseq, uid_next, uids) values (%1$d, %2$d, 99, 5,"
                                + " '\\x0102')",
                        "INBOX uidSnapshot: of the future, 3 UIDs"),
                row("update account set uid_validity = 1 where account_id = %1$d", "uidValidity: 1, VALIDITY"),
                row("delete from address where account_id = %1$d", "address: none, its own"),
                row(
                        "delete from mailbox where account_id = %1$d and name = 'INBOX'",
                        "INBOX mailbox: none, one", "Recovered BOX messages: without mailbox BOX, 4"),
                row(
                        "insert into expunged (account_id, mailbox_id, modseq, uid) values (%1$d, 1, 8, 1)",
                        "notes of what is gone: without mailbox 1, 1"),
                row(
                        "delete from message where " + BOX + " and uid = 1",
                        "content FIRST: kept, of no message",
                        "INBOX messages: 4, 3",
                        "INBOX unseen: 3, 2",
                        "INBOX octets: KEPT, OCTETS"),
                row(
                        "update content set size = size + 7 where account_id = %1$d and content_id = (select min(content_id)"
                                + " from content where account_id = %1$d)",
                        "size of content FIRST: MORE, SIZE"),
                row(
                        "delete from search_text where account_id = %1$d and content_id = (select min(content_id) from"
                                + " content where account_id = %1$d)",
                        "search text of content FIRST: none, one"),
                row(
                        "insert into chunk (account_id, content_id, n, octets) values (%1$d, 1, 0, 'x'), (%1$d, 1, 1, 'y')",
                        "content 1: 2 chunks, of no message"));
    }

    @ParameterizedTest
    @MethodSource("whatCanBeMended")
    void isFoundAndMended(String damage, List<String> found) {
        String mailbox = String.valueOf(mail.inbox.mailboxId());
        String first = ask("select min(content_id) from message where " + BOX);
        long size = Long.parseLong(ask("select size from message where uid = 1 and " + BOX));
        String kept = ask("select octets from mailbox where " + BOX);
        damage(damage);
        String octets = ask("select sum(size) from message where " + BOX);
        String validity = ask("select max(uid_validity) from mailbox where account_id = %1$d");
        List<String> expected = found.stream()
                .map(line -> line.replace("BOX", mailbox)
                        .replace("IN" + mailbox, "INBOX")
                        .replace("FIRST", first)
                        .replace("OCTETS", octets)
                        .replace("KEPT", kept)
                        .replace("MORE", String.valueOf(size + 7))
                        .replace("SIZE", String.valueOf(size))
                        .replace("VALIDITY", validity))
                .toList();
        assertEquals(with(expected, "POSSIBLE"), check(false));
        assertEquals(with(expected, "POSSIBLE"), check(false), "a look changes nothing");
        assertEquals(with(expected, "DONE"), check(true));
        assertEquals(List.of(), check(false));
        assertEquals(
                "account.mend",
                fixture.database.queryOne("select max(action) from audit where target = '" + address + "'"));
    }

    private static List<String> with(List<String> lines, String mend) {
        return lines.stream().map(line -> line + " " + mend).toList();
    }

    static Stream<Arguments> whatIsLost() {
        return Stream.of(
                row(
                        "delete from content where account_id = %1$d and content_id = FIRST",
                        "octets of UID 1 in mailbox BOX: content FIRST, no such content is there"),
                row(
                        "delete from chunk where account_id = %1$d and content_id = LAST and n = 1",
                        "chunks of content LAST: CHUNKS chunks, some are missing"),
                row(
                        "delete from chunk where account_id = %1$d and content_id = FIRST",
                        "size of content FIRST: SIZE, HEADER"));
    }

    /** It is told, and stays as it is: a repair must not make it look as if all were well. */
    @ParameterizedTest
    @MethodSource("whatIsLost")
    void isToldAndLeft(String damage, List<String> found) {
        String first = ask("select min(content_id) from message where " + BOX);
        String last = ask("select max(content_id) from message where " + BOX);
        String size = ask("select size from message where uid = 1 and " + BOX);
        String header =
                ask("select octet_length(header) from content where account_id = %1$d and content_id = " + first);
        damage(damage.replace("FIRST", first).replace("LAST", last));
        String chunks = ask("select count(*) from chunk where account_id = %1$d and content_id = " + last);
        List<String> expected = found.stream()
                .map(line -> line.replace("BOX", String.valueOf(mail.inbox.mailboxId()))
                                .replace("FIRST", first)
                                .replace("LAST", last)
                                .replace("CHUNKS", chunks)
                                .replace("SIZE", size)
                                .replace("HEADER", header)
                        + " IMPOSSIBLE")
                .toList();
        for (boolean mend : new boolean[] {false, true, false}) {
            List<String> told = check(mend).stream()
                    .filter(line -> line.endsWith("IMPOSSIBLE"))
                    .toList();
            assertEquals(expected, told);
        }
    }

    @Test
    void whatIsMendedIsMailAsBefore() {
        byte[] before = mail.octets(mail.fetchOne(5).message().contentId());
        damage("delete from search_text where account_id = %1$d");
        damage("update mailbox set uid_next = 2, highest_modseq = 1, messages = 0, unseen = 0, deleted = 0 where "
                + BOX);
        check(true);
        assertArrayEquals(before, mail.octets(mail.fetchOne(5).message().contentId()));
        assertEquals(6, mail.append("six"), "no UID comes again");
        assertEquals("work", mail.flags(2).keywords().stream().collect(Collectors.joining()));
        assertEquals(
                "1", ask("select count(*) from search_text where account_id = %1$d and body like '%%hello two%%'"));
    }

    @Test
    void aMessagesSizeIsThatOfItsContent() {
        String size = ask("select size from message where uid = 1 and " + BOX);
        damage("update message set size = 7 where uid = 1 and " + BOX);
        assertEquals(2, check(false).size(), "and so the mailbox's octets are wrong");
        String what = "size of UID 1 in mailbox " + mail.inbox.mailboxId() + ": 7, " + size;
        assertEquals(List.of(what + " DONE"), check(true));
        assertEquals(List.of(), check(false));
    }

    @Test
    void messagesWhoseMailboxIsGoneAreInOneAgain() {
        damage("delete from mailbox where " + BOX);
        check(true);
        assertEquals(4, mail.find("Recovered " + mail.inbox.mailboxId()).messages());
        assertEquals(0, mail.find("INBOX").messages());
    }

    @Test
    void messagesWhoseMailboxIsGoneAreFoundAgainBesideOneThatHasTheName() {
        damage("delete from mailbox where " + BOX);
        damage("insert into mailbox (account_id, mailbox_id, name, uid_validity)"
                + " values (%1$d, nextval('mailbox_id_seq'), 'Recovered ' || %2$d, 1)");
        check(true);
        assertEquals(0, mail.find("Recovered " + mail.inbox.mailboxId()).messages());
        assertEquals("4", ask("select messages from mailbox where " + BOX + " and name like 'Recovered %2$d-%%'"));
    }

    @Test
    void idsThatWereGivenOutAreNotGivenOutAgain() {
        String contents = fixture.database.queryOne("select last_value from content_id_seq");
        String mailboxes = fixture.database.queryOne("select last_value from mailbox_id_seq");
        for (String table : List.of("content", "chunk", "message", "search_text", "unreferenced")) {
            damage("update " + table + " set content_id = content_id + 5000 where account_id = %1$d");
        }
        fixture.database.execute("select setval('mailbox_id_seq', 1)");
        List<String> found = check(true);
        assertEquals(2, found.size(), found.toString());
        assertTrue(fixture.count("select last_value from content_id_seq") > Long.parseLong(contents));
        assertTrue(fixture.count("select last_value from mailbox_id_seq") > Long.parseLong(mailboxes));
        assertEquals(List.of(), check(false));
    }

    @Test
    void anAddressThatIsAnothersIsLeftToPeople() {
        fixture.account("taker" + accounts);
        fixture.database.execute(
                "update address set account_id = (select account_id from account where address = 'taker" + accounts
                        + "@example.com') where address = '" + address + "'");
        assertEquals(List.of("address: another account's, its own IMPOSSIBLE"), check(true));
    }

    @Test
    void aTenantsUseIsADifferenceOnceItIsOld() {
        fixture.database.execute("update tenant set octet_limit = 1000000000");
        await(new TenantUsage(fixture.store.database()).count(java.time.Duration.ZERO));
        fixture.database.execute("update tenant_usage set messages = messages + 1");
        assertEquals(List.of(), await(checks.tenant(BY, "Example", false)), "counted just now");
        fixture.database.execute("update tenant set octet_limit = 0");
        fixture.database.execute("update tenant_usage set counted_at = now() - interval '1 day'");
        assertEquals(
                List.of(Difference.Mend.DONE),
                await(checks.tenant(BY, "Example", true)).stream()
                        .map(Difference::mend)
                        .toList());
        assertEquals(List.of(), await(checks.tenant(BY, "Example", false)));
    }

    @Test
    void anAccountThatIsBeingRemovedIsLeftAlone() {
        damage("update account set state = 'removing' where account_id = %1$d");
        damage("delete from message where " + BOX);
        assertEquals(List.of(), check(true));
    }
}
