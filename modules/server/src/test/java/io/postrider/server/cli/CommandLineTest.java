package io.postrider.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    @TempDir
    Path directory;

    private TestDatabase database;

    @BeforeEach
    void migrate() {
        database = TestDatabase.create();
        assertEquals(0, on("migrate").status());
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void migratesOnceAndThenFindsNothingToDo() {
        assertTrue(on("migrate").out().strip().endsWith(": up to date"));
    }

    @Test
    void asAJobItMayRunAgainAndTwiceAtOnceAndSaysWhenItCannot() {
        database.execute("drop table schema_version");
        CommandRun notOurs = on("migrate");
        assertEquals(1, notOurs.status());
        assertEquals(1, notOurs.err().lines().count(), notOurs.err());

        try (TestDatabase empty = TestDatabase.create()) {
            CompletableFuture<CommandRun> other =
                    CompletableFuture.supplyAsync(() -> CommandRun.of("migrate", "--database=" + empty.url()));
            assertEquals(
                    0, CommandRun.of("migrate", "--database=" + empty.url()).status());
            assertEquals(0, other.join().status(), other.join().err());
            // What the release after next has left.
            empty.execute(
                    "insert into schema_version (version, name, checksum)"
                            + " select max(version) + n, 'newer', '' from schema_version, generate_series(1, 2) as n group by n");
            CommandRun tooNew = CommandRun.of("migrate", "--database=" + empty.url());
            assertEquals(1, tooNew.status());
            assertTrue(tooNew.err().contains("start a newer Postrider"), tooNew.err());
        }
        assertEquals(
                1,
                CommandRun.of("migrate", "--database=postgresql://u:p@127.0.0.1:1/mail")
                        .status());
    }

    @Test
    void domainsAndAccountsFromNothing() {
        assertEquals("example.com added\n", on("domain", "add", "Example.COM").out());
        assertEquals(
                "example.org added\n",
                on("domain", "add", "example.org", "--tenant", "acme").out());
        CommandRun created = onWithInput("secret\n", "account", "create", "Alice@example.com", "--quota", "1000000");
        assertEquals("alice@example.com created\n", created.out(), created.err());
        List<JsonObject> domains = on("domain", "list", "--json")
                .out()
                .lines()
                .map(JsonObject::new)
                .toList();
        assertEquals(
                List.of("example.com example.com 1", "example.org acme 0"),
                domains.stream()
                        .map(domain -> domain.getString("name") + " " + domain.getString("tenant") + " "
                                + domain.getLong("accounts"))
                        .toList());
        JsonObject alice = new JsonObject(on("account", "list", "--json").out());
        assertEquals("alice@example.com", alice.getString("address"));
        assertEquals(true, alice.getBoolean("active"));
        assertEquals(1_000_000, alice.getLong("octetLimit"));
        assertTrue(on("account", "list", "--domain", "example.com").out().contains("\nalice@example.com"));
        assertEquals(
                1,
                on("account", "list", "--domain", "example.org").out().lines().count());
    }

    @Test
    void aPasswordComesFromAFileOrStandardInputAndIsKeptAsAVerifier() throws IOException {
        on("domain", "add", "example.com");
        Path file = Files.writeString(directory.resolve("password"), "from a file\r\nsecond line\n");
        assertEquals(
                0,
                on("account", "create", "a@example.com", "--password-file", file.toString())
                        .status());
        String before = verifier();
        assertTrue(before.startsWith("$argon2id$"), before);
        assertEquals(
                0,
                onWithInput("another\n", "account", "passwd", "a@example.com").status());
        assertNotEquals(before, verifier());
        assertEquals(
                "postrider: the password is empty",
                onWithInput("\n", "account", "passwd", "a@example.com").problem());
        assertEquals(
                "postrider: the password cannot be read from /no/such/file",
                on("account", "passwd", "a@example.com", "--password-file", "/no/such/file")
                        .problem());
        assertEquals(
                1, onWithInput("x\n", "account", "passwd", "nobody@example.com").status());
    }

    @Test
    void hashesFromAnotherServerAreImportedAsTheyAre() throws IOException {
        on("domain", "add", "example.com");
        Path file = directory.resolve("accounts.csv");
        Files.writeString(
                file,
                "address,hash\nalice@example.com,{BLF-CRYPT}$2y$05$9Sq.iAhhlwQ/XRlaGL/Q0uBb91LbAYKAJ6XfDczYkGCIAfhamA1Y2\n"
                        + "bob@example.com,{SSHA}eYgANhHw2IbqBr2M4+BDOwm6yeGgk7Xw\ncarol@example.com,{PLAIN}secret\n"
                        // As awk makes it of Dovecot's passwd-file, see README.md.
                        + "dave@example.com,\"{SCRAM-SHA-256}4096,pMHdX85I7SQJlvq4WLbWVQ==,"
                        + "jVPnsrNo6Qqrc+CSPwpIqnTJGLoDmD/T4O+fqnLJ9UA=,NM2InywlUp8yA5io4MM9IMJi1lWr9A2VEWQNt2LwgGQ=\"\n");
        CommandRun run = on("account", "import", file.toString());
        assertEquals(0, run.status(), run.err());
        assertTrue(verifier("alice").startsWith("$2y$05$"));
        assertEquals("{SSHA}eYgANhHw2IbqBr2M4+BDOwm6yeGgk7Xw", verifier("bob"));
        assertTrue(verifier("dave").startsWith("SCRAM-SHA-256$4096:pMHdX85I7SQJlvq4WLbWVQ==$"));
        assertTrue(verifier("carol").matches("\\$argon2id\\$\\S+ SCRAM-SHA-256\\$10000:\\S+"));
        assertEquals(
                0,
                onWithInput(
                                "$5$.cq.FwD64gZHhRTZ$y5KQ/0.6Az0/UGG5WwFniFMdX2VojS8toRui4OHrE.7\n",
                                "account",
                                "passwd",
                                "bob@example.com",
                                "--hash")
                        .status());
        assertTrue(verifier("bob").startsWith("$5$"));
        CommandRun refused = onWithInput("$y$j9T$x$y\n", "account", "passwd", "bob@example.com", "--hash");
        assertEquals(1, refused.status());
        assertEquals("postrider: the hash: yescrypt is not taken: that account needs a new password\n", refused.err());
    }

    @Test
    void appPasswordsAreMadeListedAndTakenBack() {
        on("domain", "add", "example.com");
        onWithInput("secret\n", "account", "create", "alice@example.com");
        CommandRun made = on(
                "account",
                "app-password",
                "create",
                "alice@example.com",
                "Anna's phone",
                "--protocol=imap",
                "--days=30");
        assertEquals(0, made.status(), made.err());
        assertTrue(made.out().matches("app-[a-z2-8]{26}\n"), made.out());
        assertFalse(verifier("alice").isEmpty());
        JsonObject listed = new JsonArray(on("account", "app-password", "list", "alice@example.com", "--json")
                        .out())
                .getJsonObject(0);
        assertEquals("Anna's phone", listed.getString("label"));
        assertEquals(new JsonArray().add("imap"), listed.getJsonArray("protocols"));
        assertTrue(
                on("account", "app-password", "list", "alice@example.com").out().contains("never used"));
        CommandRun again = on("account", "app-password", "create", "alice@example.com", "Anna's phone");
        assertEquals(1, again.status());
        assertEquals("postrider: There is an app password of that label already: Anna's phone\n", again.err());
        assertEquals(
                0,
                on("account", "app-password", "revoke", "alice@example.com", "Anna's phone")
                        .status());
        assertEquals(
                1,
                on("account", "app-password", "revoke", "alice@example.com", "Anna's phone")
                        .status());
        assertEquals(
                "[]\n",
                on("account", "app-password", "list", "alice@example.com", "--json")
                        .out());
        assertEquals(
                2,
                on("account", "app-password", "create", "alice@example.com", "x", "--protocol=smtp")
                        .status());
        assertEquals(
                2,
                on("account", "app-password", "create", "alice@example.com", "x", "--days=0")
                        .status());
        assertEquals(
                1, on("account", "app-password", "list", "nobody@example.com").status());
    }

    private String verifier(String name) {
        return database.queryOne(
                "select c.verifier from credential c join account a using (account_id) where a.address = '" + name
                        + "@example.com' and c.label = ''");
    }

    @Test
    void whatCannotBeIsOneLineAndStatusOne() {
        on("domain", "add", "example.com");
        assertEquals(1, on("domain", "add", "example.com").status());
        on("domain", "add", "EXAMPLE.com").problem();
        assertEquals(
                "postrider: \"exa mple\" is no domain",
                on("domain", "add", "exa mple").problem());
        String missing =
                onWithInput("x\n", "account", "create", "a@elsewhere.org").problem();
        assertTrue(missing.contains("elsewhere.org"), missing);
        onWithInput("x\n", "account", "create", "a@example.com");
        String twice = onWithInput("x\n", "account", "create", "A@example.com").problem();
        assertTrue(twice.contains("a@example.com"), twice);
        assertEquals(
                "postrider: \"a+b@example.com\" is no address that an account can have",
                onWithInput("x\n", "account", "create", "a+b@example.com").problem());
    }

    @Test
    void aFileOfManyAccountsIsImportedInBatchesAndAgainForWhatIsNew() throws IOException {
        on("domain", "add", "example.com");
        List<String> lines = new ArrayList<>(List.of("address,password"));
        for (int i = 0; i < 450; i++) {
            lines.add("account" + i + "@example.com,password" + i);
        }
        Path file = Files.write(directory.resolve("accounts.csv"), lines);
        CommandRun imported = on("account", "import", file.toString());
        assertEquals(0, imported.status(), imported.err());
        assertTrue(
                imported.out().endsWith("200 of 450\n400 of 450\n450 of 450\n450 accounts imported\n"), imported.out());
        assertEquals("450", database.queryOne("select count(*) from account"));
        assertEquals("450", database.queryOne("select count(distinct verifier) from credential"));

        lines.add("new@example.com,x");
        Files.write(file, lines);
        assertTrue(on("account", "import", file.toString())
                .out()
                .endsWith("1 account imported, 450 there already and left as they were\n"));
        assertEquals(451, on("account", "list", "--json").out().lines().count());
    }

    @Test
    void aFileWithABadLineImportsNothing() throws IOException {
        on("domain", "add", "example.com");
        Path file = Files.write(
                directory.resolve("accounts.csv"), List.of("a@example.com,x", "b@example.com", "c@example.com,y"));
        CommandRun run = on("account", "import", file.toString());
        assertEquals(1, run.status());
        assertTrue(run.err().contains(file + " line 2: expected address,password"), run.err());
        assertEquals("0", database.queryOne("select count(*) from account"));

        Files.write(file, List.of("a@example.com,x", "b@elsewhere.org,y"));
        String problem = on("account", "import", file.toString()).problem();
        assertTrue(problem.startsWith("postrider: no such domain: elsewhere.org"), problem);
        assertEquals("0", database.queryOne("select count(*) from account"));
        assertTrue(on("account", "import", "/no/such.csv").problem().endsWith("/no/such.csv: no such file"));
    }

    @Test
    void wrongUsageIsStatusTwo() {
        for (String[] arguments : new String[][] {
            {},
            {"sevre"},
            {"account"},
            {"domain"},
            {"account", "create"},
            {"migrate", "--no-such"},
            {"account", "create", "a@b.c", "--quota", "-1"},
            {"demo", "--port-offset", "60000"}
        }) {
            CommandRun run = CommandRun.of(arguments);
            assertEquals(2, run.status(), String.join(" ", arguments) + ": " + run.err());
            assertFalse(run.err().contains("\tat "), run.err());
        }
        assertEquals(0, CommandRun.of("--help").status());
        assertTrue(CommandRun.of("account", "import", "--help").out().contains("FILE.csv"));
    }

    private CommandRun on(String... arguments) {
        return onWithInput("", arguments);
    }

    private CommandRun onWithInput(String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--database=" + database.url());
        return CommandRun.withInput(input, all.toArray(String[]::new));
    }

    private String verifier() {
        return database.queryOne("select verifier from credential");
    }
}
