package io.postrider.admin;

import static io.postrider.admin.ApiServer.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.admin.ApiServer.Reply;
import io.postrider.store.Refusal;
import io.postrider.store.administration.Administration.Quotas;
import io.postrider.store.administration.Limit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every operation as it should be used; every request and every reply is held to the OpenAPI document. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminApiTest {
    private final ApiServer server = new ApiServer();

    @AfterAll
    void close() {
        Set<String> unseen = new TreeSet<>(server.contract.operations());
        unseen.removeAll(server.contract.seen());
        server.close();
        assertEquals(Set.of(), unseen, "operations that no test has used");
    }

    @Test
    void withoutAKeyNothingButTheDocument() {
        assertEquals(
                "3.1.0", server.send(null, "GET", "/openapi.json", null).json().getString("openapi"));
        for (String wrong : new String[] {null, "", "postrider_x", server.key + "x"}) {
            assertEquals(401, server.send(wrong, "GET", "/tenants", null).status(), wrong);
        }
    }

    @Test
    void aTenantIsMadeChangedSuspendedDeletedAndComesBack() {
        JsonObject limits = new JsonObject().put("accounts", 3).put("octets", 1_000_000L);
        Reply made = server.ask("PUT", "/tenants/first", new JsonObject().put("limits", limits));
        assertEquals(201, made.status());
        assertEquals(3, made.json().getJsonObject("limits").getInteger("accounts"));
        assertEquals(0, made.json().getJsonObject("limits").getInteger("messages"));
        Reply again = server.ask("PUT", "/tenants/first", new JsonObject().put("limits", limits));
        assertEquals(200, again.status());
        assertEquals(made.json(), again.json());
        assertEquals(made.json(), server.get("/tenants/first").json());
        Reply suspended = server.ask(
                "PUT",
                "/tenants/first",
                new JsonObject().put("state", "suspended").put("protocols", new JsonArray().add("imap")));
        assertEquals("suspended", suspended.json().getString("state"));
        assertEquals(new JsonArray().add("imap"), suspended.json().getJsonArray("protocols"));
        assertEquals(3, suspended.json().getJsonObject("limits").getInteger("accounts"));
        assertEquals(204, server.ask("DELETE", "/tenants/first", null).status());
        assertEquals(204, server.ask("DELETE", "/tenants/first", null).status());
        assertEquals(List.of("first"), names(server.get("/tenants?state=deleted")));
        server.ask(
                "PUT", "/tenants/first", new JsonObject().put("state", "active").putNull("protocols"));
        assertEquals("active", server.get("/tenants/first").json().getString("state"));
        assertNull(server.get("/tenants/first").json().getJsonArray("protocols"));
        assertEquals(0, server.get("/tenants/first/usage").json().getInteger("accounts"));
        List<String> actions = server.get("/audit?target=first").items().stream()
                .map(line -> line.getString("action"))
                .toList();
        assertEquals(
                List.of("tenant.change", "tenant.change", "tenant.change", "tenant.create"),
                actions,
                "what changed nothing is not there");
        JsonObject latest = server.get("/audit?target=first&limit=1").items().get(0);
        assertEquals("deleted", latest.getJsonObject("before").getString("state"));
        assertEquals("active", latest.getJsonObject("after").getString("state"));
        assertEquals("key 1 (root)", latest.getString("actor"));
        assertEquals("127.0.0.1", latest.getString("origin"));
    }

    @Test
    void domainsAccountsAndAddresses() {
        server.tenant("second", "second.example");
        assertEquals(List.of("second.example"), names(server.get("/domains?tenant=second")));
        assertEquals(2, server.get("/domains/second.example").json().getInteger("accounts"));
        assertEquals(
                200,
                server.ask("PUT", "/domains/second.example", new JsonObject().put("tenant", "second"))
                        .status());
        assertEquals(409, server.ask("DELETE", "/domains/second.example", null).status());
        Reply made = server.ask(
                "PUT",
                "/accounts/Carol@second.example",
                new JsonObject().put("password", "secret of carol").put("limits", new JsonObject().put("octets", 10)));
        assertEquals(201, made.status());
        assertEquals("carol@second.example", made.json().getString("address"));
        assertEquals(made.json(), server.get("/accounts/carol@second.example").json());
        assertEquals(
                10,
                server.get("/accounts/carol@second.example/usage")
                        .json()
                        .getJsonObject("limits")
                        .getInteger("octets"));
        assertEquals(
                6,
                server.get("/accounts/carol@second.example/mailboxes").items().size());
        assertTrue(await(server.store.directory().login("carol@second.example")).isPresent());
        assertEquals(
                204,
                server.ask(
                                "PUT",
                                "/accounts/carol@second.example/password",
                                new JsonObject().put("password", "another"))
                        .status());
        assertEquals(
                List.of("alice@second.example", "bob@second.example"),
                server.get("/accounts?domain=second.example&limit=2").items().stream()
                        .map(account -> account.getString("address"))
                        .toList());
        assertEquals(1, server.get("/accounts?tenant=second&prefix=car").items().size());

        String alias = "/addresses/info@second.example";
        assertEquals(
                201,
                server.ask("PUT", alias, new JsonObject().put("account", "alice@second.example"))
                        .status());
        assertEquals(
                200,
                server.ask("PUT", alias, new JsonObject().put("account", "bob@second.example"))
                        .status());
        assertEquals("bob@second.example", server.get(alias).json().getString("account"));
        assertEquals(
                201,
                server.ask("PUT", "/addresses/@second.example", new JsonObject().put("account", "bob@second.example"))
                        .status());
        assertEquals(
                3, server.get("/addresses?account=bob@second.example").items().size());
        assertEquals(5, server.get("/addresses?domain=second.example").items().size());
        assertEquals(
                "bob@second.example",
                await(server.store.directory().recipient("who@second.example", 1))
                        .orElseThrow()
                        .account()
                        .address());
        assertEquals(204, server.ask("DELETE", alias, null).status());
        assertEquals(404, server.ask("DELETE", alias, null).status());

        assertEquals(
                204, server.ask("DELETE", "/accounts/bob@second.example", null).status());
        assertTrue(await(server.store.directory().recipient("bob@second.example", 1))
                .isEmpty());
        assertEquals(
                1, server.get("/accounts?tenant=second&state=deleted").items().size());
        server.ask("PUT", "/accounts/bob@second.example", new JsonObject().put("state", "active"));
        assertTrue(await(server.store.directory().recipient("bob@second.example", 1))
                .isPresent());
        server.ask("PUT", "/domains/empty.example", new JsonObject().put("tenant", "second"));
        assertEquals(204, server.ask("DELETE", "/domains/empty.example", null).status());
        assertFalse(server.database
                .queryOne("select string_agg(audit::text, ' ') from audit")
                .contains("secret of"));
    }

    @Test
    void appPasswordsAreShownOnceAndRevoked() {
        server.tenant("app", "app.example");
        String path = "/accounts/alice@app.example/app-passwords";
        JsonObject phone = new JsonObject()
                .put("label", "Anna's phone / old")
                .put("protocols", new JsonArray().add("imap"))
                .put("expiresAt", "2999-01-01T00:00:00Z");
        Reply made = server.ask("POST", path, phone);
        assertEquals(201, made.status());
        assertEquals(409, server.ask("POST", path, phone).status());
        JsonObject listed = server.get(path).items().get(0);
        assertEquals("Anna's phone / old", listed.getString("label"));
        assertEquals(new JsonArray().add("imap"), listed.getJsonArray("protocols"));
        assertFalse(server.get(path).text().contains(made.json().getString("password")));
        assertFalse(server.database
                .queryOne("select string_agg(a::text, ' ') from audit a")
                .contains(made.json().getString("password")));
        String one = path + "/" + ApiServer.encoded("Anna's phone / old");
        assertEquals(204, server.ask("DELETE", one, null).status());
        assertEquals(404, server.ask("DELETE", one, null).status());
        assertEquals(List.of(), server.get(path).items());
        assertEquals(
                List.of("appPassword.revoke", "appPassword.create", "account.create"),
                server.get("/audit?target=alice@app.example").items().stream()
                        .map(line -> line.getString("action"))
                        .toList());
    }

    @Test
    void whatIsKeptIsCountedAnewAndMended() {
        server.tenant("counted", "counted.example");
        String path = "/accounts/alice@counted.example/check";
        assertEquals(new JsonArray(), server.get(path).json().getJsonArray("differences"));
        server.database.execute("update mailbox set unseen = 3 where name = 'INBOX' and account_id = (select account_id"
                + " from account where address = 'alice@counted.example')");
        JsonObject found = server.get(path).json().getJsonArray("differences").getJsonObject(0);
        assertEquals(
                new JsonObject()
                        .put("tenant", "counted")
                        .put("account", "alice@counted.example")
                        .put("mailbox", "INBOX")
                        .put("what", "unseen")
                        .put("kept", "3")
                        .put("counted", "0")
                        .put("mend", "possible"),
                found);
        assertEquals(
                found.copy().put("mend", "done"),
                server.ask("POST", path, null)
                        .json()
                        .getJsonArray("differences")
                        .getJsonObject(0));
        assertEquals(new JsonArray(), server.get(path).json().getJsonArray("differences"));
        assertEquals(
                new JsonObject().put("INBOX: unseen", "0"),
                server.get("/audit?target=alice@counted.example&limit=1")
                        .items()
                        .get(0)
                        .getJsonObject("after"));
        assertEquals(
                new JsonArray(), server.get("/tenants/counted/check").json().getJsonArray("differences"));
        assertEquals(200, server.ask("POST", "/tenants/counted/check", null).status());
    }

    @Test
    void aTenantForbidsAKindOfVerifier() {
        server.tenant("strict", "strict.example");
        server.ask("PUT", "/accounts/carol@strict.example", new JsonObject().put("password", "x"));
        String verifiers = "select verifier from credential join account using (account_id) where address ="
                + " 'carol@strict.example'";
        assertTrue(server.database.queryOne(verifiers).contains("SCRAM-SHA-256$"));
        JsonObject both = new JsonObject().put("argon2id", true).put("scram", true);
        JsonObject one = new JsonObject().put("argon2id", true).put("scram", false);
        assertEquals(both, server.get("/tenants/strict/passwords").json());
        String ofTenant = server.keyOf("strict", false);
        assertEquals(
                one,
                server.ask(ofTenant, "PUT", "/tenants/strict/passwords", one).json());
        assertFalse(server.database.queryOne(verifiers).contains("SCRAM-SHA-256$"));
        assertEquals(one, server.get("/tenants/strict/passwords").json());
        assertEquals(
                "tenant.passwords",
                server.get("/audit?target=strict&limit=1").items().get(0).getString("action"));
    }

    @Test
    void anAccountMayBringItsHashAlong() {
        server.tenant("moved", "moved.example");
        String hash = "$6$saltsalt$"
                + "qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/";
        assertEquals(
                201,
                server.ask("PUT", "/accounts/carol@moved.example", new JsonObject().put("hash", hash))
                        .status());
        assertTrue(server.database
                .queryOne("select verifier from credential join account using (account_id) where address ="
                        + " 'carol@moved.example'")
                .contains(hash));
        assertEquals(
                204,
                server.ask("PUT", "/accounts/carol@moved.example/password", new JsonObject().put("hash", hash))
                        .status());
    }

    @Test
    void aTenantHasNoMoreAccountsThanItMay() {
        server.ask("PUT", "/tenants/small", new JsonObject().put("limits", new JsonObject().put("accounts", 1)));
        server.ask("PUT", "/domains/small.example", new JsonObject().put("tenant", "small"));
        assertEquals(201, server.ask("PUT", "/accounts/a@small.example", null).status());
        Reply refused = server.ask("PUT", "/accounts/b@small.example", null);
        assertEquals(409, refused.status());
        assertEquals(
                "The tenant small may have 1 accounts at most", refused.json().getString("detail"));
        assertEquals(200, server.ask("PUT", "/accounts/a@small.example", null).status());
    }

    @Test
    void sessionsOfAllNodesAreListedAndEnded() {
        server.tenant("third", "third.example");
        long alice = await(server.store.directory().login("alice@third.example"))
                .orElseThrow()
                .account()
                .accountId();
        List<String> ended = new CopyOnWriteArrayList<>();
        await(server.store.sessions().open(alice, "imap", "192.0.2.1", why -> ended.add("first")));
        await(server.otherNode.sessions().open(alice, "pop3", "192.0.2.2", why -> ended.add("second")));
        await(server.otherNode.sessions().open(alice, "imap", "192.0.2.3", why -> ended.add("third")));
        List<JsonObject> sessions = new ArrayList<>(
                server.get("/sessions?account=alice@third.example").items());
        assertEquals(3, sessions.size());
        assertEquals(3, server.get("/sessions?tenant=third").items().size());
        assertEquals(3, server.get("/tenants/third/usage").json().getInteger("sessions"));
        JsonObject pop3 = sessions.stream()
                .filter(session -> session.getString("protocol").equals("pop3"))
                .findFirst()
                .orElseThrow();
        assertEquals("192.0.2.2", pop3.getString("clientAddress"));
        assertEquals(
                204,
                server.ask("DELETE", "/sessions/" + pop3.getString("id"), null).status());
        until(() -> ended.equals(List.of("second")));
        assertEquals(
                2,
                server.ask("DELETE", "/accounts/alice@third.example/sessions", null)
                        .json()
                        .getInteger("sessions"));
        until(() -> ended.size() == 3);
        assertEquals(
                404,
                server.ask("DELETE", "/sessions/" + pop3.getString("id"), null).status());
        server.ask("PUT", "/tenants/third", new JsonObject().put("state", "suspended"));
        until(() -> server.get("/sessions?tenant=third").items().isEmpty());
    }

    @Test
    void whoeverIsSuspendedIsSentAwayOnEveryNode() {
        server.tenant("fourth", "fourth.example");
        List<String> ended = new CopyOnWriteArrayList<>();
        for (String name : List.of("alice", "bob")) {
            long account = await(server.store.directory().login(name + "@fourth.example"))
                    .orElseThrow()
                    .account()
                    .accountId();
            await(server.store.sessions().open(account, "imap", "192.0.2.1", why -> ended.add(name + ": " + why)));
            await(server.otherNode.sessions().open(account, "imap", "192.0.2.1", why -> ended.add(name + ": " + why)));
        }
        server.ask("PUT", "/accounts/alice@fourth.example", new JsonObject().put("state", "suspended"));
        until(() -> ended.size() == 2);
        assertEquals("alice: This account is suspended", ended.get(1));
        server.ask("PUT", "/tenants/fourth", new JsonObject().put("protocols", new JsonArray().add("pop3")));
        until(() -> ended.size() == 4);
        assertEquals("bob: This account may not use this protocol", ended.get(3));
    }

    @Test
    void whoseMailIsElsewhereIsReferredUntilItIsNot() {
        server.tenant("away", "away.example");
        assertNull(server.get("/tenants/away").json().getString("referral"));
        Reply set = server.ask("PUT", "/tenants/away", new JsonObject().put("referral", "IMAP.b.example:993"));
        assertEquals("imap.b.example:993", set.json().getString("referral"));
        server.ask("PUT", "/accounts/alice@away.example", new JsonObject().put("referral", "192.0.2.7"));
        assertEquals(
                "192.0.2.7", server.get("/accounts/alice@away.example").json().getString("referral"));
        server.ask("PUT", "/tenants/away", new JsonObject().put("state", "active"));
        assertEquals(set.json(), server.get("/tenants/away").json());
        server.ask("PUT", "/tenants/away", new JsonObject().putNull("referral"));
        assertNull(server.get("/tenants/away").json().getString("referral"));
        JsonObject latest = server.get("/audit?target=away&limit=1").items().get(0);
        assertEquals("imap.b.example:993", latest.getJsonObject("before").getString("referral"));
        assertNull(latest.getJsonObject("after").getString("referral"));
    }

    @Test
    void anAccountThatSetsQuotasDoesSoUntilItIsNoLongerOne() {
        server.tenant("sixth", "sixth.example");
        Quotas quotas = server.store.administration().quotas();
        long alice = await(server.store.directory().login("alice@sixth.example"))
                .orElseThrow()
                .account()
                .accountId();
        assertFalse(server.get("/accounts/alice@sixth.example").json().getBoolean("quotaAdministrator"));
        assertEquals(Refusal.Kind.FORBIDDEN, refused(quotas.set(alice, "192.0.2.1", "bob@sixth.example", Map::of)));
        assertEquals(Refusal.Kind.NONEXISTENT, refused(quotas.usage(alice, "bob@sixth.example")));
        Reply set =
                server.ask("PUT", "/accounts/alice@sixth.example", new JsonObject().put("quotaAdministrator", true));
        assertTrue(set.json().getBoolean("quotaAdministrator"));
        server.ask("PUT", "/accounts/alice@sixth.example", new JsonObject().put("state", "active"));
        assertEquals(set.json(), server.get("/accounts/alice@sixth.example").json());
        assertEquals(
                5,
                await(quotas.set(alice, "192.0.2.1", "bob@sixth.example", () -> Map.of(Limit.MESSAGES, 5L)))
                        .messageLimit());
        JsonObject line =
                server.get("/audit?target=bob@sixth.example&limit=1").items().get(0);
        assertEquals("account alice@sixth.example", line.getString("actor"));
        assertEquals("192.0.2.1", line.getString("origin"));
        assertEquals(5, line.getJsonObject("after").getJsonObject("limits").getInteger("messages"));
        server.ask("PUT", "/accounts/alice@sixth.example", new JsonObject().put("quotaAdministrator", false));
        assertEquals(Refusal.Kind.FORBIDDEN, refused(quotas.set(alice, "192.0.2.1", "bob@sixth.example", Map::of)));
    }

    private static Refusal.Kind refused(Future<?> future) {
        return await(future.transform(done -> Future.succeededFuture(((Refusal) done.cause()).kind())));
    }

    @Test
    void keysAreForTheInstallationOrATenantMayOnlyReadExpireAndAreRevoked() {
        server.tenant("fifth", "fifth.example");
        Reply made = server.ask(
                "POST", "/keys", new JsonObject().put("label", "all, reading").put("readOnly", true));
        String reading = made.json().getString("key");
        assertEquals(
                200,
                server.ask(reading, "GET", "/accounts/alice@fifth.example", null)
                        .status());
        Reply refused = server.ask(reading, "PUT", "/accounts/alice@fifth.example", null);
        assertEquals(403, refused.status());
        assertEquals("This key may only read", refused.json().getString("detail"));
        String id = made.json().getString("id");
        assertTrue(server.get("/keys?limit=1000").items().stream()
                .anyMatch(key -> key.getString("id").equals(id) && !key.containsKey("key")));
        assertEquals(204, server.ask("DELETE", "/keys/" + id, null).status());
        assertEquals(401, server.ask(reading, "GET", "/tenants", null).status());

        JsonObject soon = new JsonObject().put("label", "soon").put("expiresAt", "2999-01-01T00:00:00Z");
        String expiring = server.ask("POST", "/keys", soon).json().getString("key");
        assertEquals(200, server.ask(expiring, "GET", "/tenants", null).status());
        server.database.execute("update api_key set expires_at = now() where label = 'soon'");
        assertEquals(401, server.ask(expiring, "GET", "/tenants", null).status());

        String ofTenant = server.keyOf("fifth", false);
        assertEquals(200, server.ask(ofTenant, "GET", "/tenants/fifth", null).status());
        server.ask("DELETE", "/tenants/fifth", null);
        assertEquals(401, server.ask(ofTenant, "GET", "/tenants/fifth", null).status());
        assertFalse(server.database
                .queryOne("select string_agg(k::text, ' ') from api_key k")
                .contains("postrider_"));
        assertFalse(server.database
                .queryOne("select string_agg(a::text, ' ') from audit a")
                .contains("postrider_"));
    }

    @Test
    void fiftyThousandAccountsComePageByPage() {
        server.tenant("large", "large.example");
        String tenant = server.database.queryOne("select tenant_id from tenant where name = 'large'");
        server.database.execute(
                "insert into account (tenant_id, domain, address) select " + tenant
                        + ", 'large.example', 'u' || lpad(n::text, 5, '0') || '@large.example' from generate_series(1, 50000) as n");
        server.database.execute("analyze account");
        String ofTenant = server.keyOf("large", true);
        String path = "/accounts?limit=1000";
        Set<String> all = new TreeSet<>();
        int pages = 0;
        for (String next = ""; next != null; pages++) {
            Reply page = server.ask(ofTenant, "GET", path + next, null);
            page.items().forEach(account -> all.add(account.getString("address")));
            String cursor = page.json().getString("next");
            next = cursor == null ? null : "&after=" + cursor;
        }
        assertEquals(50_002, all.size());
        assertEquals(51, pages);
        assertEquals(
                "u49999@large.example",
                server.ask(ofTenant, "GET", "/accounts?prefix=u49999", null)
                        .items()
                        .get(0)
                        .getString("address"));
    }

    private static List<String> names(Reply page) {
        return page.items().stream().map(item -> item.getString("name")).toList();
    }

    private static void until(BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "still not so");
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
