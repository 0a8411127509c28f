package io.postrider.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.Flags;
import io.postrider.store.Mailbox;
import io.postrider.store.Messages;
import io.postrider.store.UidSet;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.testkit.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    private static final Instant DATE = Instant.parse("2019-03-04T05:06:07Z");

    @TempDir
    Path directory;

    private TestDatabase database;
    private Path maildir;
    private OpenStore open;

    @BeforeEach
    void anAccountAndAMaildir() throws IOException {
        database = TestDatabase.create();
        CommandRun.of("migrate", "--database=" + database.url());
        CommandRun.of("domain", "add", "example.com", "--database=" + database.url());
        CommandRun.withInput("secret\n", "account", "create", "alice@example.com", "--database=" + database.url());
        open = OpenStore.open(DatabaseOptions.of(database.url()));
        maildir = mailbox("example.com/alice");
    }

    @AfterEach
    void drop() {
        open.close();
        database.close();
    }

    @Test
    void messagesKeepOctetsFlagsKeywordsDatesAndUids() throws IOException {
        file(maildir, "cur", "1.a:2,FRS", "Subject: one\n\nbody\n");
        file(maildir, "cur", "2.b:2,DTab", "Subject: two\n\n");
        file(maildir, "new", "3.c", "Subject: three\r\n\r\nwith CRLF\r\nand without\n");
        Files.writeString(maildir.resolve("dovecot-keywords"), "0 $Label1\n1 project\n");
        uidList(maildir, 1_234_567_890, 40, Map.of("1.a", 7L, "2.b", 8L, "3.c", 30L));
        Path sent = mailbox("example.com/alice/.Work.Gel&APY-scht");
        file(sent, "cur", "4.d:2,PS", "Subject: four\n\n");
        Files.writeString(sent.resolve("dovecot-uidlist"), "1 77 9\n8 4.d:2,S\n");
        Files.writeString(maildir.resolve("subscriptions"), "Sent\nWork.Gel&APY-scht\n");

        CommandRun run = imported();
        assertEquals(
                "4 messages imported into 1 of 1 accounts; 2 mailboxes kept their UIDs",
                run.out().lines().reduce((a, b) -> b).orElse(""));
        Mailbox inbox = mailbox("alice@example.com", "INBOX");
        assertEquals(1_234_567_890, inbox.uidValidity());
        assertEquals(40, inbox.uidNext());
        List<FetchedMessage> messages = messages(inbox);
        assertEquals(
                List.of(7L, 8L, 30L),
                messages.stream().map(each -> each.message().uid()).toList());
        assertEquals(
                new Flags(Flags.FLAGGED | Flags.ANSWERED | Flags.SEEN, List.of()),
                messages.get(0).message().flags());
        assertEquals(
                new Flags(Flags.DRAFT | Flags.DELETED, List.of("$Label1", "project")),
                messages.get(1).message().flags());
        assertEquals(Flags.NONE, messages.get(2).message().flags());
        assertEquals(DATE, messages.get(0).message().internalDate());
        assertEquals("Subject: one\r\n\r\nbody\r\n", octets(messages.get(0)));
        assertEquals("Subject: three\r\n\r\nwith CRLF\r\nand without\r\n", octets(messages.get(2)));
        Mailbox work = mailbox("alice@example.com", "Work/Gelöscht");
        assertTrue(work.subscribed());
        assertEquals(77, work.uidValidity());
        assertEquals(9, work.uidNext());
        assertEquals(
                List.of("$Forwarded"), messages(work).get(0).message().flags().keywords());
        // Of the account's other mailboxes none gets a UIDVALIDITY that is lower. RFC 3501 §2.3.1.1
        open.ask(open.store().mailboxes().create(inbox.key().accountId(), "Later", java.util.Optional.empty()));
        assertTrue(mailbox("alice@example.com", "Later").uidValidity() > 1_234_567_890);
    }

    @Test
    void aRepeatedImportBringsWhatIsNewAndNothingTwice() throws IOException {
        for (int i = 1; i <= 200; i++) {
            file(maildir, "cur", i + ".x:2,S", "Subject: " + i + "\n\n");
        }
        uidList(maildir, 99, 150, range(1, 140));
        assertTrue(imported().out().contains("200 messages imported"));
        assertTrue(imported().out().contains("0 messages imported into 1 of 1 accounts, 200 there already"));
        Mailbox inbox = mailbox("alice@example.com", "INBOX");
        assertEquals(200, inbox.messages());
        assertEquals(UidSet.range(1, 140), uids(inbox).intersect(UidSet.range(1, 149)));

        // Deleted here, and not to come back; one more there.
        open.ask(open.store().messages().remove(inbox.key(), UidSet.range(5, 5)));
        file(maildir, "new", "201.x", "Subject: 201\n\n");
        file(maildir, "new", "202.x", "Subject: 201\n\n");
        assertTrue(imported().out().contains("2 messages imported into 1 of 1 accounts, 200 there already"));
        assertTrue(imported().out().contains("0 messages imported into 1 of 1 accounts, 202 there already"));
    }

    /** The MX record was changed, and both servers have got mail since the first import. */
    @Test
    void mailThatCameToBothServersMeanwhileIsAllThere() throws IOException {
        file(maildir, "cur", "1.x:2,S", "Subject: 1\n\n");
        uidList(maildir, 99, 2, Map.of("1.x", 1L));
        imported();
        Mailbox inbox = mailbox("alice@example.com", "INBOX");
        deliver(inbox, "Subject: new here\r\n\r\n");
        file(maildir, "cur", "2.x:2,S", "Subject: late there\n\n");
        uidList(maildir, 99, 3, Map.of("1.x", 1L, "2.x", 2L));
        assertTrue(imported().out().contains("1 message imported into 1 of 1 accounts, 1 there already"));
        assertTrue(imported().out().contains("0 messages imported"));
        assertEquals(3, mailbox("alice@example.com", "INBOX").messages());
        assertEquals("Subject: new here\r\n\r\n", octets(messages(inbox).get(1)));
    }

    @Test
    void mailboxesWithMailOfTheirOwnAreNamedAndNothingIsDoubledAllTheSame() throws IOException {
        deliver(mailbox("alice@example.com", "INBOX"), "Subject: before\r\n\r\n");
        file(maildir, "cur", "1.x:2,S", "Subject: 1\n\n");
        uidList(maildir, 99, 2, Map.of("1.x", 1L));
        assertTrue(imported().out().contains("in: alice@example.com INBOX"));
        imported();
        assertEquals(2, mailbox("alice@example.com", "INBOX").messages());
    }

    @Test
    void anImportThatWasRefusedGoesOnWhenThereIsRoomAndLosesNothing() throws IOException {
        for (int i = 1; i <= 150; i++) {
            file(maildir, "cur", i + ".x:2,S", "Subject: " + i + "\n\n" + "x".repeat(1000) + "\n");
        }
        uidList(maildir, 99, 151, range(1, 150));
        database.execute("update account set octet_limit = 100000");
        CommandRun refused = run();
        assertEquals(1, refused.status());
        assertTrue(refused.err().contains("alice@example.com: over quota"), refused.err());
        assertTrue(refused.err().contains(maildir.toString()), refused.err());
        database.execute("update account set octet_limit = 0");
        imported();
        Mailbox inbox = mailbox("alice@example.com", "INBOX");
        assertEquals(UidSet.range(1, 150), uids(inbox));
    }

    @Test
    void aLargeMessageAndOddFilesComeInToo() throws IOException {
        String large = "Subject: large\n\n" + ("line of a large message\n".repeat(100_000));
        file(maildir, "cur", "1.x:2,", large);
        file(maildir, "cur", "2.x:2,", "");
        file(maildir, "cur", ".hidden", "no message");
        Files.writeString(maildir.resolve("dovecot-uidlist"), "3 V0 nonsense\n\u0000\n");
        imported();
        List<FetchedMessage> messages = messages(mailbox("alice@example.com", "INBOX"));
        assertEquals(2, messages.size());
        assertEquals(
                large.length() + 100_002,
                messages.stream().mapToLong(each -> each.message().size()).max().orElse(0));
    }

    @Test
    void allAccountsByAPatternAndBadInputInOneLine() throws IOException {
        CommandRun.withInput("secret\n", "account", "create", "bob@example.com", "--database=" + database.url());
        file(mailbox("example.com/bob"), "new", "1", "Subject: bob\n\n");
        file(maildir, "new", "1", "Subject: alice\n\n");
        CommandRun all = CommandRun.of(
                "import", "maildir", directory + "/%d/%n", "--domain=example.com", "--database=" + database.url());
        assertTrue(all.out().contains("2 messages imported into 2 of 2 accounts"), all.out() + all.err());

        assertEquals(
                2,
                CommandRun.of("import", "maildir", "/nowhere", "--database=" + database.url())
                        .status());
        assertEquals(
                "postrider: no account has a Maildir at /nowhere/%n",
                CommandRun.of("import", "maildir", "/nowhere/%n", "--database=" + database.url())
                        .problem());
        assertEquals(
                "postrider: /nowhere is no Maildir: there is no directory cur in it",
                CommandRun.of(
                                "import",
                                "maildir",
                                "/nowhere",
                                "--account=alice@example.com",
                                "--database=" + database.url())
                        .problem());
        assertEquals(
                "postrider: no such account: nobody@example.com",
                CommandRun.of(
                                "import",
                                "maildir",
                                "/nowhere",
                                "--account=nobody@example.com",
                                "--database=" + database.url())
                        .problem());
    }

    private CommandRun imported() {
        CommandRun run = run();
        assertEquals(0, run.status(), run.err());
        return run;
    }

    private CommandRun run() {
        return CommandRun.of(
                "import", "maildir", maildir.toString(), "--account=alice@example.com", "--database=" + database.url());
    }

    private Path mailbox(String name) throws IOException {
        Path path = directory.resolve(name);
        for (String each : List.of("cur", "new", "tmp")) {
            Files.createDirectories(path.resolve(each));
        }
        return path;
    }

    private static void file(Path mailbox, String in, String name, String octets) throws IOException {
        Path file = Files.writeString(mailbox.resolve(in).resolve(name), octets);
        Files.setLastModifiedTime(file, FileTime.from(DATE));
    }

    private static Map<String, Long> range(int from, int to) {
        return java.util.stream.IntStream.rangeClosed(from, to)
                .boxed()
                .collect(Collectors.toMap(i -> i + ".x", i -> (long) i, (a, b) -> a, java.util.TreeMap::new));
    }

    private static void uidList(Path mailbox, long validity, long next, Map<String, Long> uids) throws IOException {
        String lines = uids.entrySet().stream()
                .map(each -> each.getValue() + " W100 S90 :" + each.getKey() + "\n")
                .collect(Collectors.joining());
        Files.writeString(mailbox.resolve("dovecot-uidlist"), "3 V" + validity + " N" + next + " Gabcdef\n" + lines);
    }

    private void deliver(Mailbox mailbox, String octets) {
        var message = open.store().contents().receive(List.of(mailbox.key().accountId()));
        open.ask(message.write(io.vertx.core.buffer.Buffer.buffer(octets)));
        var content = open.ask(message.end());
        open.ask(open.store()
                .messages()
                .deliver(mailbox.key().accountId(), "INBOX", content, io.vertx.core.buffer.Buffer.buffer()));
    }

    private Mailbox mailbox(String address, String name) {
        long account = open.ask(open.store().directory().login(address))
                .orElseThrow()
                .account()
                .accountId();
        return open.ask(open.store().mailboxes().find(account, name)).orElseThrow();
    }

    private UidSet uids(Mailbox mailbox) {
        return open.ask(open.store().messages().open(mailbox.key(), false)).uids();
    }

    private List<FetchedMessage> messages(Mailbox mailbox) {
        return open.ask(open.store()
                .messages()
                .fetch(mailbox.key(), UidSet.ALL, Set.of(Field.FIRST_OCTETS), Messages.MAX_FETCH_ROWS));
    }

    private static String octets(FetchedMessage message) {
        Function<io.vertx.core.buffer.Buffer, String> text = octets -> octets.toString(StandardCharsets.US_ASCII);
        return text.apply(message.header()) + text.apply(message.firstOctets());
    }
}
