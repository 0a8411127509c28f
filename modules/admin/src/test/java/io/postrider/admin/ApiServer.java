package io.postrider.admin;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.net.sasl.Passwords;
import io.postrider.store.administration.Administrator;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.Migrator;
import io.postrider.store.postgres.PostgresStore;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The API on a throw-away database, with two nodes' stores, a key of the installation, and tenants a and b. */
final class ApiServer implements AutoCloseable {
    static final Administrator ROOT = Administrator.ofAll("test", "here");

    final TestDatabase database = TestDatabase.create();
    final Contract contract = new Contract();
    final PostgresStore store;
    final PostgresStore otherNode;
    final String key;
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AdminApi api;

    ApiServer() {
        DatabaseOptions options = DatabaseOptions.of(database.url());
        await(Migrator.migrate(vertx, options));
        store = await(PostgresStore.open(vertx, options, new SimpleMeterRegistry()));
        otherNode = await(PostgresStore.open(vertx, options, new SimpleMeterRegistry()));
        api = await(AdminApi.open(vertx, store, new Passwords(vertx), "127.0.0.1", 0, Optional.empty()));
        key = await(new AccessOperations(store.administration()).addKey(ROOT, new JsonObject().put("label", "root")))
                .body()
                .getString("key");
    }

    /** What came back. */
    record Reply(int status, String type, String text) {
        JsonObject json() {
            return new JsonObject(text);
        }

        List<JsonObject> items() {
            return json().getJsonArray("items").stream()
                    .map(JsonObject.class::cast)
                    .toList();
        }
    }

    /** A request that keeps to the contract; so must the reply. */
    Reply ask(String withKey, String method, String path, JsonObject body) {
        contract.checkRequest(method, path, body == null ? null : body.encode());
        return send(withKey, method, path, body == null ? null : body.encode());
    }

    Reply ask(String method, String path, JsonObject body) {
        return ask(key, method, path, body);
    }

    Reply get(String path) {
        return ask("GET", path, null);
    }

    /** A request that need not keep to it; the reply must. */
    Reply send(String withKey, String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + api.port() + "/api/v1" + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (withKey != null) {
            request.header("authorization", "Bearer " + withKey);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String type = response.headers().firstValue("content-type").orElse("");
            contract.checkResponse(method, path, response.statusCode(), type, response.body());
            return new Reply(response.statusCode(), type, response.body());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A key of a tenant, made by the API. */
    String keyOf(String tenant, boolean readOnly) {
        return ask(
                        "POST",
                        "/keys",
                        new JsonObject()
                                .put("label", "of " + tenant)
                                .put("tenant", tenant)
                                .put("readOnly", readOnly))
                .json()
                .getString("key");
    }

    /** A tenant with a domain and accounts alice and bob in it. */
    void tenant(String name, String domain) {
        ask("PUT", "/tenants/" + name, null);
        ask("PUT", "/domains/" + domain, new JsonObject().put("tenant", name));
        ask("PUT", "/accounts/alice@" + domain, null);
        ask("PUT", "/accounts/bob@" + domain, null);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(api.close());
        await(store.close());
        await(otherNode.close());
        await(vertx.close());
        database.close();
    }
}
