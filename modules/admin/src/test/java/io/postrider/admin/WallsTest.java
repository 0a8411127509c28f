package io.postrider.admin;

import static io.postrider.admin.ApiServer.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.admin.ApiServer.Reply;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every operation with a key of tenant a and what belongs to tenant b: it is not there, and nothing has changed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WallsTest {
    private static final String A = "alice@a.example";
    private static final String B = "alice@b.example";

    private final ApiServer server = new ApiServer();
    private String ofA;
    private String keyIdOfB;
    private String sessionOfB;

    @BeforeAll
    void twoTenants() {
        server.tenant("a", "a.example");
        server.tenant("b", "b.example");
        server.ask("PUT", "/addresses/info@b.example", new JsonObject().put("account", B));
        ofA = server.keyOf("a", false);
        server.keyOf("b", false);
        keyIdOfB = server.database.queryOne("select key_id from api_key where label = 'of b'");
        long account =
                await(server.store.directory().login(B)).orElseThrow().account().accountId();
        await(server.store.sessions().open(account, "imap", "192.0.2.1", why -> {}));
        sessionOfB = server.database.queryOne("select session_id from session");
    }

    @AfterAll
    void close() {
        server.close();
    }

    @Test
    void nothingOfAnotherTenantIsThere() {
        JsonObject none = new JsonObject();
        JsonObject password = new JsonObject().put("password", "x");
        List<Object[]> requests = new ArrayList<>(List.of(new Object[][] {
            {"GET", "/tenants/b", null},
            {"DELETE", "/tenants/b", null},
            {"GET", "/tenants/b/usage", null},
            {"GET", "/tenants/b/passwords", null},
            {"GET", "/tenants/b/check", null},
            {"POST", "/tenants/b/check", null},
            {"GET", "/accounts/" + B + "/check", null},
            {"POST", "/accounts/" + B + "/check", null},
            {"PUT", "/tenants/b/passwords", new JsonObject().put("scram", true)},
            {"GET", "/domains?tenant=b", null},
            {"GET", "/domains/b.example", null},
            {"GET", "/accounts?tenant=b", null},
            {"GET", "/accounts?domain=b.example", null},
            {"GET", "/accounts/" + B, null},
            {"PUT", "/accounts/" + B, none},
            {"PUT", "/accounts/new@b.example", none},
            {"PUT", "/accounts/info@b.example", none},
            {"DELETE", "/accounts/" + B, null},
            {"GET", "/accounts/" + B + "/usage", null},
            {"GET", "/accounts/" + B + "/mailboxes", null},
            {"PUT", "/accounts/" + B + "/password", password},
            {"GET", "/accounts/" + B + "/app-passwords", null},
            {"POST", "/accounts/" + B + "/app-passwords", new JsonObject().put("label", "mine")},
            {"DELETE", "/accounts/" + B + "/app-passwords/x", null},
            {"DELETE", "/accounts/" + B + "/sessions", null},
            {"GET", "/addresses?account=" + B, null},
            {"GET", "/addresses?domain=b.example", null},
            {"GET", "/addresses/info@b.example", null},
            {"PUT", "/addresses/info@b.example", new JsonObject().put("account", A)},
            {"PUT", "/addresses/@b.example", new JsonObject().put("account", A)},
            {"PUT", "/addresses/x@a.example", new JsonObject().put("account", B)},
            {"DELETE", "/addresses/info@b.example", null},
            {"GET", "/sessions?tenant=b", null},
            {"GET", "/sessions?account=" + B, null},
            {"DELETE", "/sessions/" + sessionOfB, null},
            {"GET", "/audit?tenant=b", null},
            {"POST", "/keys", new JsonObject().put("label", "mine").put("tenant", "b")},
            {"DELETE", "/keys/" + keyIdOfB, null},
        }));
        String before = everything();
        Set<String> tried = new TreeSet<>();
        for (Object[] request : requests) {
            String method = (String) request[0];
            String path = (String) request[1];
            Reply reply = server.ask(ofA, method, path, (JsonObject) request[2]);
            assertEquals(404, reply.status(), method + " " + path + " " + reply.text());
            tried.add(method.toLowerCase() + " " + path.split("\\?")[0]);
        }
        assertEquals(before, everything());
        // The same words for what is b's and for what is nobody's.
        assertEquals(
                server.ask(ofA, "GET", "/accounts/" + B, null).text().replace(B, ""),
                server.ask(ofA, "GET", "/accounts/no@where.example", null)
                        .text()
                        .replace("no@where.example", ""));
        assertTrue(tried.size() > 20);
    }

    @Test
    void whatIsForTheInstallationAloneIsForbiddenWhoeverItIsAbout() {
        String before = everything();
        for (String tenant : List.of("a", "b", "c")) {
            assertEquals(
                    403,
                    server.ask(ofA, "PUT", "/tenants/" + tenant, new JsonObject().put("state", "active"))
                            .status());
            assertEquals(
                    403,
                    server.ask(ofA, "PUT", "/domains/" + tenant + ".example", new JsonObject().put("tenant", "a"))
                            .status());
            assertEquals(
                    403,
                    server.ask(ofA, "DELETE", "/domains/" + tenant + ".example", null)
                            .status());
        }
        assertEquals(403, server.ask(ofA, "DELETE", "/tenants/a", null).status());
        assertEquals(
                403,
                server.ask(ofA, "POST", "/keys", new JsonObject().put("label", "all"))
                        .status());
        assertEquals(before, everything());
    }

    @Test
    void listsHoldOnlyOnesOwn() {
        for (String path : List.of("/tenants", "/domains", "/accounts", "/keys", "/audit", "/sessions")) {
            Reply own = server.ask(ofA, "GET", path + "?limit=1000", null);
            assertEquals(200, own.status());
            assertFalse(own.text().contains("b.example"), own.text());
            assertFalse(own.text().contains("\"b\""), own.text());
            assertTrue(server.get(path + "?limit=1000").text().contains("\"b\"") || path.equals("/accounts"), path);
        }
        assertTrue(server.ask(ofA, "GET", "/accounts", null).text().contains(A));
        assertTrue(server.ask(ofA, "GET", "/audit?target=" + B, null).items().isEmpty());
    }

    /** An alias of a's domain leads to a's accounts only, whoever asks. */
    @Test
    void evenTheInstallationsKeyMixesNoTenants() {
        String before = everything();
        assertEquals(
                404,
                server.ask("PUT", "/addresses/x@a.example", new JsonObject().put("account", B))
                        .status());
        assertEquals(
                409,
                server.ask("PUT", "/domains/b.example", new JsonObject().put("tenant", "a"))
                        .status());
        assertEquals(before, everything());
    }

    /** All that could have changed. */
    private String everything() {
        return server.database.queryOne(Stream.of(
                        "tenant",
                        "domain",
                        "account",
                        "address",
                        "credential",
                        "mailbox",
                        "session",
                        "api_key",
                        "audit")
                .map(table -> "(select md5(string_agg(x::text, ' ' order by x::text)) from " + table + " x)")
                .collect(Collectors.joining(", ", "select concat_ws(' ', ", ")")));
    }
}
