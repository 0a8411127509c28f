package io.postrider.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands of administrators: what they print, how they exit, and what they say of bad input. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdministrationCommandTest {
    private final TestDatabase database = TestDatabase.create();

    @BeforeAll
    void aTenant() {
        assertEquals(0, on("migrate").status());
        assertEquals("acme created\n", on("tenant", "create", "acme").out());
        on("domain", "add", "acme.example", "--tenant", "acme");
        assertEquals(0, on("account", "create", "alice@acme.example").status());
        assertEquals(0, on("account", "create", "bob@acme.example").status());
    }

    @AfterAll
    void drop() {
        database.close();
    }

    @Test
    void aTenantIsShownChangedListedCountedAndDeleted() {
        on("tenant", "create", "other", "--limit", "accounts=5", "--protocols", "imap,lmtp");
        JsonObject other =
                new JsonObject(on("tenant", "show", "other", "--json").out());
        assertEquals(5, other.getJsonObject("limits").getInteger("accounts"));
        CommandRun set =
                on("tenant", "set", "other", "--limit", "octets=7", "--protocols", "all", "--state", "suspended");
        assertTrue(set.out().contains("limits.octets               7\n"), set.out());
        assertTrue(set.out().contains("protocols                   -\n"), set.out());
        assertTrue(set.out().contains("referral                    -\n"), set.out());
        assertTrue(on("tenant", "set", "other", "--referral", "Mail.b.example:1143")
                .out()
                .contains("referral                    mail.b.example:1143\n"));
        assertTrue(
                on("tenant", "set", "other", "--referral", "none").out().contains("referral                    -\n"));
        assertEquals(
                List.of("name   state", "acme   active", "other  suspended"),
                on("tenant", "list")
                        .out()
                        .lines()
                        .map(line -> line.replaceAll("(\\S+ +\\S+).*", "$1"))
                        .toList());
        assertEquals(0, new JsonObject(on("tenant", "usage", "other", "--json").out()).getInteger("accounts"));
        assertEquals(
                new JsonObject().put("argon2id", true).put("scram", false),
                new JsonObject(on("tenant", "passwords", "other", "--argon2id", "--json")
                        .out()));
        assertEquals("other deleted\n", on("tenant", "delete", "other").out());
        assertEquals(
                1,
                on("tenant", "list", "--state", "deleted", "--json")
                        .out()
                        .lines()
                        .count());
        database.execute("delete from tenant where name = 'other'");
    }

    @Test
    void aCheckSaysWhatDiffersAndMendsIt() {
        assertEquals("2 accounts checked: no difference\n", on("check").out());
        String counter =
                "update mailbox set messages = %d where name = 'INBOX' and account_id = (select account_id from"
                        + " account where address = 'bob@acme.example')";
        database.execute(counter.formatted(7));
        CommandRun found = on("check", "--tenant", "acme");
        assertEquals(1, found.status());
        assertEquals(
                "acme bob@acme.example INBOX: messages: kept 7, counted 0\n2 accounts checked: 1 difference\n",
                found.out());
        assertEquals("", found.err());
        assertEquals(0, on("check", "--account", "alice@acme.example").status());
        assertEquals(
                "possible",
                new JsonObject(on("check", "--account", "bob@acme.example", "--json")
                                .out())
                        .getString("mend"));
        CommandRun mended = on("check", "--repair");
        assertEquals(1, mended.status());
        assertEquals(
                "acme bob@acme.example INBOX: messages: kept 7, counted 0; mended\n"
                        + "2 accounts checked: 1 difference, 1 mended\n",
                mended.out());
        assertEquals(0, on("check").status());
        CommandRun unknown = on("check", "--account", "nobody@acme.example");
        assertEquals(2, unknown.status());
        assertTrue(unknown.problem().contains("nobody@acme.example"), unknown.err());
        CommandRun unreachable = CommandRun.of("check", "--database", "postgresql://a:b@127.0.0.1:1/x");
        assertEquals(2, unreachable.status());
        unreachable.problem();
        database.execute("alter table expunged rename to away");
        CommandRun broken = on("check");
        database.execute("alter table away rename to expunged");
        assertEquals(2, broken.status(), broken.out());
        broken.problem();
    }

    @Test
    void accountsAddressesKeysSessionsAndTheAudit() {
        assertTrue(on("account", "set", "bob@acme.example", "--limit", "messages=3")
                .out()
                .contains("limits.messages"));
        assertTrue(on("account", "set", "bob@acme.example", "--quota-administrator", "true")
                .out()
                .contains("quotaAdministrator          true\n"));
        assertTrue(on("account", "set", "bob@acme.example", "--quota-administrator", "false")
                .out()
                .contains("quotaAdministrator          false\n"));
        assertEquals(
                6,
                on("account", "mailboxes", "bob@acme.example", "--json")
                        .out()
                        .lines()
                        .count());
        assertEquals(
                3,
                new JsonObject(on("account", "usage", "bob@acme.example", "--json")
                                .out())
                        .getJsonObject("limits")
                        .getInteger("messages"));
        assertEquals(
                "@acme.example goes to bob@acme.example\n",
                on("address", "set", "@acme.example", "bob@acme.example").out());
        assertEquals(
                3,
                on("address", "list", "--account", "bob@acme.example")
                        .out()
                        .lines()
                        .count());
        assertEquals(
                "@acme.example removed\n",
                on("address", "remove", "@acme.example").out());

        String key = on("key", "create", "backup", "--tenant", "acme", "--read-only")
                .out()
                .strip();
        assertEquals(
                database.queryOne("select encode(digest, 'hex') from api_key where label = 'backup'"),
                java.util.HexFormat.of().formatHex(io.postrider.admin.ApiKeys.digest(key)));
        assertFalse(on("key", "list").out().contains(key));
        String id = new JsonObject(on("key", "list", "--json").out()).getString("id");
        assertEquals("key " + id + " revoked\n", on("key", "revoke", id).out());

        assertEquals(1, on("session", "list").out().lines().count());
        assertEquals(
                "0 sessions ended\n",
                on("session", "end", "--account", "bob@acme.example").out());

        assertEquals(
                "bob@acme.example deleted\n",
                on("account", "delete", "bob@acme.example").out());
        assertTrue(on("account", "set", "bob@acme.example", "--state", "active")
                .out()
                .contains("active"));
        CommandRun audit = on("audit", "--target", "bob@acme.example", "--limit", "2");
        assertTrue(audit.out().contains("state: deleted → active"), audit.out());
        assertTrue(audit.out().contains("command line of " + System.getProperty("user.name")), audit.out());
        assertFalse(database.queryOne("select string_agg(a::text, ' ') from audit a")
                .contains("secret"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "tenant create acme | 1 | there is a tenant of that name already: acme",
                "tenant create a/b | 2 | tenant: \"a/b\" must have",
                "tenant create x --limit octets=-1 | 2 | limits.octets: must be a whole number",
                "tenant create x --limit colour=1 | 2 | limits.colour: is no limit here",
                "tenant create x --limit octets=many | 2 | Invalid value for option '--limit",
                "tenant create x --referral imap://b.example | 2 | referral: \"imap://b.example\" is no server: give the name",
                "tenant create x --protocols ftp | 2 | protocols: must name some of",
                "tenant create x --state gone | 2 | state: \"gone\" is none of",
                "tenant set none --limit octets=1 | 1 | No such tenant: none",
                "tenant show none | 1 | No such tenant: none",
                "tenant delete none | 1 | No such tenant: none",
                "tenant list --state gone | 2 | state: \"gone\" is none of",
                "domain add acme.example --tenant acme | 1 | The domain acme.example is there already",
                "domain add a@b | 1 | \"a@b\" is no domain",
                "domain add acme.example --tenant another | 1 | The domain acme.example is there already",
                "domain remove acme.example | 1 | There are accounts or addresses in the domain acme.example",
                "domain remove none.example | 1 | No such domain here: none.example",
                "account create x@none.example | 1 | No such domain here: x@none.example",
                "account create alice@acme.example | 1 | The address is taken: alice@acme.example",
                "account create nobody | 1 | \"nobody\" is no address",
                "account set none@acme.example --state active | 1 | No such account: none@acme.example",
                "account set alice@acme.example --limit accounts=1 | 2 | limits.accounts: is no limit here",
                "account set bob@acme.example --quota-administrator perhaps | 2 | Invalid value for option '--quota-adm",
                "account list --domain none.example | 1 | domain: No such domain here: none.example",
                "account list --tenant none | 1 | tenant: No such tenant: none",
                "address set x@acme.example none@acme.example | 1 | account: No such account: none@acme.example",
                "address set x@none.example alice@acme.example | 1 | address: No such domain here: none.example",
                "address set bob@acme.example alice@acme.example | 1 | address: It is an account's own address",
                "address set x alice@acme.example | 2 | address: \"x\" is no address",
                "address remove x@acme.example | 1 | No such address: x@acme.example",
                "address list | 2 | account: give either account or domain",
                "key create x --tenant none | 1 | tenant: No such tenant: none",
                "key create x --expires soon | 2 | expiresAt: must be a time",
                "key revoke 999 | 1 | No such key: 999",
                "session end 7 | 1 | No such session: 7",
                "session end | 2 | give either ID or --account",
                "session list --tenant acme --account alice@acme.example | 2 | tenant: give either tenant or account",
                "audit --limit 0 | 2 | limit: must be a number from 1 to 1000",
            })
    void badInputIsNamedAndChangesNothing(String command, int status, String said) {
        String before = everything();
        CommandRun run = on(command.split(" "));
        assertEquals(status, run.status(), run.err());
        assertTrue(run.err().startsWith("postrider: " + said), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        assertEquals(before, everything());
    }

    private String everything() {
        return database.queryOne(Stream.of("tenant", "domain", "account", "address", "credential", "api_key", "audit")
                .map(table -> "(select md5(string_agg(x::text, ' ' order by x::text)) from " + table + " x)")
                .collect(Collectors.joining(", ", "select concat_ws(' ', ", ")")));
    }

    private CommandRun on(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--database=" + database.url());
        return CommandRun.withInput("secret\n", all.toArray(String[]::new));
    }
}
