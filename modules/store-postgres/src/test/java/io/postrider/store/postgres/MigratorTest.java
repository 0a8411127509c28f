package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.store.Account;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.MailboxKey;
import io.postrider.store.StoreUnavailableException;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigratorTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase database = TestDatabase.create();
    private final DatabaseOptions options = DatabaseOptions.of(database.url());

    private final Migration first =
            new Migration(1, "001-a.sql", "create table a (n integer);\ninsert into a values (1);");
    private final Migration second =
            new Migration(2, "002-b.sql", "create table b (n integer); insert into b values (1)");

    private final Migration third = new Migration(3, "003-c.sql", "create table c (n integer)");

    @AfterEach
    void close() {
        await(vertx.close());
        database.close();
    }

    private Migrator knowing(Migration... migrations) {
        return new Migrator(vertx, options, List.of(migrations));
    }

    private void assertComplains(String words, Future<?> done) {
        SchemaException problem = awaitFailure(SchemaException.class, done);
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
        assertFalse(problem.getMessage().contains("\n"), problem.getMessage());
        assertFalse(problem.getMessage().contains("postgres:postgres"), problem.getMessage());
    }

    @Test
    void anEmptyDatabaseGetsTheWholeSchemaAndOnlyOnce() {
        assertComplains("holds no Postrider schema; run `postrider migrate`", Migrator.check(vertx, options));
        assertComplains("holds no", PostgresStore.open(vertx, options, new SimpleMeterRegistry()));
        assertEquals(Migration.ALL.size(), await(Migrator.migrate(vertx, options)));
        await(Migrator.check(vertx, options));
        assertEquals(0, await(Migrator.migrate(vertx, options)));
    }

    @Test
    void anOlderSchemaIsBroughtOnFromWhereItIs() {
        assertEquals(1, await(knowing(first).migrate()));
        assertComplains(
                "version 1, this Postrider needs version 2; run `postrider migrate`",
                knowing(first, second).check());
        assertEquals(1, await(knowing(first, second).migrate()));
        await(knowing(first, second).check());
        assertEquals("1", database.queryOne("select count(*) from a"));
        assertEquals("1", database.queryOne("select count(*) from b"));
    }

    @Test
    void aSchemaOneAheadWillDoAndOneFurtherWillNot() {
        await(knowing(first, second).migrate());
        await(knowing(first).check());
        assertEquals(0, await(knowing(first).migrate()));
        await(knowing(first, second, third).migrate());
        await(knowing(first, second).check());
        assertComplains(
                "the schema is version 3; this Postrider knows version 1 and works with 2 at most; start a newer Postrider",
                knowing(first).check());
        assertComplains("start a newer Postrider", knowing(first).migrate());
        assertEquals("3", database.queryOne("select max(version) from schema_version"));
    }

    /** The newest migration is taken away from the old node; an additive one that it never heard of is there too. */
    @Test
    void anOldNodeAndANewOneServeTheSameMailboxes() {
        await(Migrator.migrate(vertx, options));
        PostgresStore old = await(node(Migration.ALL));
        await(old.directory().addDomain("example.com", "Example"));
        List<Migration> newer = new ArrayList<>(Migration.ALL);
        newer.add(new Migration(newer.size() + 1, "next.sql", """
                alter table mailbox add column colour text;
                alter table message add column stars smallint not null default 0;
                create table next_thing (account_id bigint primary key);
                """));
        assertComplains("run `postrider migrate`", node(newer));
        assertEquals(1, await(new Migrator(vertx, options, newer).migrate()));
        PostgresStore young = await(node(newer));
        // Fell, and starts again while the new ones are already there.
        await(old.close());
        PostgresStore again = await(node(Migration.ALL));

        await(again.ping());
        await(young.ping());
        Account alice = await(again.directory().createAccounts(List.of(new NewAccount("alice@example.com", "$v$", 0))))
                .get(0);
        Mail onOld = new Mail(again, alice);
        Mail onYoung = new Mail(young, alice);
        MailboxKey inbox = onOld.inbox;
        AtomicLong heard = new AtomicLong();
        // The new node's hint may come after our own, which is newer.
        again.changes().watch(inbox, modSeq -> heard.accumulateAndGet(modSeq, Math::max));
        onYoung.append("from the new node");
        onOld.append("from the old node");
        assertEquals(2, await(young.messages().open(inbox, false)).uids().size());
        assertEquals(2, await(again.messages().open(inbox, false)).uids().size());
        Waiting.until("the old node hears", () -> heard.get() >= 3);

        newer.add(
                new Migration(newer.size() + 1, "over.sql", "create table over_next (account_id bigint primary key)"));
        assertEquals(1, await(new Migrator(vertx, options, newer).migrate()));
        awaitFailure(SchemaException.class, again.ping());
        await(young.ping());
        await(again.close());
        await(young.close());
    }

    private Future<PostgresStore> node(List<Migration> known) {
        return PostgresStore.open(vertx, options, SweepOptions.DEFAULT, new SimpleMeterRegistry(), known);
    }

    @Test
    void aHalfMigratedSchemaIsLeftAlone() {
        await(knowing(first, second).migrate());
        database.execute("delete from schema_version where version = 1");
        assertComplains("half migrated", knowing(first, second).check());
        assertComplains("not migration 001-a.sql", knowing(first, second).migrate());
    }

    @Test
    void aMigrationThatWasChangedAfterItRanIsNoticed() {
        await(knowing(first).migrate());
        Migration changed = new Migration(1, "001-a.sql", "create table other (n integer)");
        assertComplains("001-a.sql was another file", knowing(changed).check());
    }

    @Test
    void aMigrationThatFailsLeavesNothingBehind() {
        Migration wrong = new Migration(2, "002-b.sql", "create table b (n integer); insert into nowhere values (1)");
        assertComplains(
                "migration 002-b.sql failed: relation \"nowhere\" does not exist",
                knowing(first, wrong).migrate());
        assertEquals("1", database.queryOne("select max(version) from schema_version"));
        assertEquals(null, database.queryOne("select to_regclass('b')"));
        assertEquals(1, await(knowing(first, second).migrate()));
    }

    @Test
    void nodesThatStartAtOnceMigrateOnce() {
        Migration slow = new Migration(1, "001-a.sql", "create table a (n integer); select pg_sleep(0.3)");
        List<Future<Integer>> nodes = IntStream.range(0, 4)
                .mapToObj(i -> knowing(slow, second).migrate())
                .toList();
        assertEquals(2, nodes.stream().mapToInt(Waiting::await).sum());
    }

    @Test
    void aDatabaseThatCannotBeUsedIsToldInOneLine() {
        String host = database.url().replaceAll("^.*@([^/]*)/.*$", "$1");
        assertUnreachable("postgresql://postgres:secret@127.0.0.1:1/mail", "127.0.0.1:1/mail");
        assertUnreachable("postgresql://postgres:secret@" + host + "/missing", "database \"missing\" does not exist");
        assertUnreachable("postgresql://nobody:secret@" + host + "/mail", "nobody");
    }

    private void assertUnreachable(String url, String words) {
        StoreUnavailableException problem =
                awaitFailure(StoreUnavailableException.class, Migrator.check(vertx, DatabaseOptions.of(url)));
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
        assertFalse(problem.getMessage().contains("secret"), problem.getMessage());
        assertFalse(problem.getMessage().contains("\n"), problem.getMessage());
    }

    @Test
    void aDatabaseInAnotherEncodingIsRefused() {
        String latin = "latin_" + System.nanoTime();
        database.execute("create database " + latin + " encoding 'LATIN1' locale 'C' template template0");
        DatabaseOptions other = DatabaseOptions.of(database.url().replaceAll("/[^/]*$", "/" + latin));
        assertComplains("it must be UTF8", Migrator.migrate(vertx, other));
        database.execute("drop database " + latin + " with (force)");
    }

    @Test
    void aUrlThatCannotBeReadIsToldWithoutItsPassword() {
        for (String wrong : Arrays.asList(
                null,
                "",
                "mysql://u:secret@h/d",
                "postgresql://u:secret@h:port/d",
                "postgresql://u:secret@h",
                "postgresql://u:secret@h/",
                "postgresql://h/d")) {
            IllegalArgumentException problem =
                    assertThrows(IllegalArgumentException.class, () -> DatabaseOptions.of(wrong), wrong);
            assertFalse(problem.getMessage().contains("secret"), problem.getMessage());
            assertTrue(problem.getMessage().contains("database URL"), problem.getMessage());
        }
        assertFalse(DatabaseOptions.of("postgresql://u:secret@h/d").toString().contains("secret"));
    }

    @Test
    void everyFileOfTheMigrationsIsListed() throws URISyntaxException {
        Path directory = Path.of(Migration.class.getResource("migrations").toURI());
        assertEquals(
                Stream.of(directory.toFile().list())
                        .filter(name -> name.endsWith(".sql"))
                        .sorted()
                        .toList(),
                Migration.ALL.stream().map(Migration::name).toList());
        for (int i = 0; i < Migration.ALL.size(); i++) {
            assertEquals(i + 1, Migration.ALL.get(i).version());
        }
    }
}
