package io.postrider.admin;

import io.postrider.net.sasl.Passwords;
import io.postrider.store.Store;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Key;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The REST API under {@code /api/v1}: who has a key may do what it is for. Without a key nobody may do anything; the first one
 * comes from the command line. The contract is {@code openapi.json}, beside this class and served.
 *
 * <p>Keys are asked for anew in each request, so a revoked one works no more at once.
 */
public final class AdminApi {
    /** Octets of a request's body. */
    static final int MAX_BODY = 64 << 10;

    static final String ROOT = "/api/v1";

    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
    private static final String BEARER = "Bearer ";
    private static final int MAX_KEY = 200;
    private static final int IDLE_SECONDS = 60;

    private final Store store;
    private final Buffer document = document();
    private final TenantOperations tenants;
    private final AccountOperations accounts;
    private final AccessOperations access;
    private final CheckOperations checks;
    private HttpServer server;
    private Optional<Tls> tls = Optional.empty();

    private AdminApi(Store store, Passwords passwords) {
        this.store = store;
        this.tenants = new TenantOperations(store.administration());
        this.accounts = new AccountOperations(store, passwords);
        this.access = new AccessOperations(store.administration());
        this.checks = new CheckOperations(store.administration());
    }

    /** PEM files. */
    public record Tls(Path certificate, Path key) {
        PemKeyCertOptions options() {
            return new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString());
        }
    }

    /** @param tls empty for plain HTTP */
    public static Future<AdminApi> open(
            Vertx vertx, Store store, Passwords passwords, String host, int port, Optional<Tls> tls) {
        AdminApi api = new AdminApi(store, passwords);
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        tls.ifPresent(files -> options.setSsl(true)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setKeyCertOptions(files.options()));
        api.tls = tls;
        return vertx.createHttpServer(options)
                .requestHandler(api.router(vertx))
                .listen()
                .map(listening -> {
                    api.server = listening;
                    return api;
                });
    }

    /** Shows the certificate that is in the files now; the one before, should they be no good. Never fails. */
    public Future<Void> renew() {
        return tls.isEmpty()
                ? Future.succeededFuture()
                : server.updateSSLOptions(
                                new ServerSSLOptions()
                                        .setEnabledSecureTransportProtocols(PROTOCOLS)
                                        .setKeyCertOptions(tls.get().options()),
                                true)
                        .onFailure(failure -> LOG.warn("the API's certificate stays: {}", failure.getMessage()))
                        .<Void>mapEmpty()
                        .otherwiseEmpty();
    }

    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close();
    }

    private Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.get(ROOT + "/openapi.json").handler(request -> request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(document));
        router.route(ROOT + "/*").handler(this::authenticate);
        router.route(ROOT + "/*").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
        tenantRoutes(router);
        accountRoutes(router);
        accessRoutes(router);
        checkRoutes(router);
        router.route().handler(request -> request.fail(new HttpException(404, "There is no such thing")));
        router.route().failureHandler(AdminApi::fail);
        router.errorHandler(405, request -> answer(request, 405, "That cannot be done with this"));
        return router;
    }

    private void tenantRoutes(Router router) {
        on(router, HttpMethod.GET, "/tenants", (by, at) -> tenants.list(by, query(at)));
        on(router, HttpMethod.GET, "/tenants/:tenant", (by, at) -> tenants.get(by, at.pathParam("tenant")));
        on(router, HttpMethod.PUT, "/tenants/:tenant", (by, at) -> tenants.put(by, at.pathParam("tenant"), body(at)));
        on(router, HttpMethod.DELETE, "/tenants/:tenant", (by, at) -> tenants.delete(by, at.pathParam("tenant")));
        on(router, HttpMethod.GET, "/tenants/:tenant/usage", (by, at) -> tenants.usage(by, at.pathParam("tenant")));
        on(
                router,
                HttpMethod.GET,
                "/tenants/:tenant/passwords",
                (by, at) -> tenants.passwordKinds(by, at.pathParam("tenant")));
        on(
                router,
                HttpMethod.PUT,
                "/tenants/:tenant/passwords",
                (by, at) -> tenants.allow(by, at.pathParam("tenant"), body(at)));
        on(router, HttpMethod.GET, "/domains", (by, at) -> tenants.domains(by, query(at)));
        on(router, HttpMethod.GET, "/domains/:domain", (by, at) -> tenants.domain(by, at.pathParam("domain")));
        on(
                router,
                HttpMethod.PUT,
                "/domains/:domain",
                (by, at) -> tenants.putDomain(by, at.pathParam("domain"), body(at)));
        on(router, HttpMethod.DELETE, "/domains/:domain", (by, at) -> tenants.removeDomain(by, at.pathParam("domain")));
    }

    private void accountRoutes(Router router) {
        on(router, HttpMethod.GET, "/accounts", (by, at) -> accounts.list(by, query(at)));
        on(router, HttpMethod.GET, "/accounts/:address", (by, at) -> accounts.get(by, at.pathParam("address")));
        on(
                router,
                HttpMethod.PUT,
                "/accounts/:address",
                (by, at) -> accounts.put(by, at.pathParam("address"), body(at)));
        on(router, HttpMethod.DELETE, "/accounts/:address", (by, at) -> accounts.delete(by, at.pathParam("address")));
        on(router, HttpMethod.GET, "/accounts/:address/usage", (by, at) -> accounts.usage(by, at.pathParam("address")));
        on(
                router,
                HttpMethod.GET,
                "/accounts/:address/mailboxes",
                (by, at) -> accounts.mailboxes(by, at.pathParam("address")));
        on(
                router,
                HttpMethod.PUT,
                "/accounts/:address/password",
                (by, at) -> accounts.setPassword(by, at.pathParam("address"), body(at)));
        String appPasswords = "/accounts/:address/app-passwords";
        on(router, HttpMethod.GET, appPasswords, (by, at) -> accounts.appPasswords(by, at.pathParam("address")));
        on(
                router,
                HttpMethod.POST,
                appPasswords,
                (by, at) -> accounts.addAppPassword(by, at.pathParam("address"), body(at)));
        on(
                router,
                HttpMethod.DELETE,
                appPasswords + "/:label",
                (by, at) -> accounts.revokeAppPassword(by, at.pathParam("address"), at.pathParam("label")));
        on(
                router,
                HttpMethod.DELETE,
                "/accounts/:address/sessions",
                (by, at) -> access.endSessions(by, at.pathParam("address")));
        on(router, HttpMethod.GET, "/addresses", (by, at) -> accounts.addresses(by, query(at)));
        on(router, HttpMethod.GET, "/addresses/:address", (by, at) -> accounts.address(by, at.pathParam("address")));
        on(
                router,
                HttpMethod.PUT,
                "/addresses/:address",
                (by, at) -> accounts.putAddress(by, at.pathParam("address"), body(at)));
        on(
                router,
                HttpMethod.DELETE,
                "/addresses/:address",
                (by, at) -> accounts.removeAddress(by, at.pathParam("address")));
    }

    private void accessRoutes(Router router) {
        on(router, HttpMethod.GET, "/sessions", (by, at) -> access.sessions(by, query(at)));
        on(router, HttpMethod.DELETE, "/sessions/:id", (by, at) -> access.endSession(by, at.pathParam("id")));
        on(router, HttpMethod.GET, "/audit", (by, at) -> access.audit(by, query(at)));
        on(router, HttpMethod.GET, "/keys", (by, at) -> access.keys(by, query(at)));
        on(router, HttpMethod.POST, "/keys", (by, at) -> access.addKey(by, body(at)));
        on(router, HttpMethod.DELETE, "/keys/:id", (by, at) -> access.revokeKey(by, at.pathParam("id")));
    }

    /** GET looks, POST mends. */
    private void checkRoutes(Router router) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.POST)) {
            boolean mend = method == HttpMethod.POST;
            on(router, method, "/tenants/:tenant/check", (by, at) -> checks.tenant(by, at.pathParam("tenant"), mend));
            on(
                    router,
                    method,
                    "/accounts/:address/check",
                    (by, at) -> checks.account(by, at.pathParam("address"), mend));
        }
    }

    @FunctionalInterface
    private interface Operation {
        Future<Answer> run(Administrator by, RoutingContext request);
    }

    private static void on(Router router, HttpMethod method, String path, Operation operation) {
        router.route(method, ROOT + path).handler(request -> {
            Key key = request.get("key");
            if (key.readOnly() && method != HttpMethod.GET) {
                throw new HttpException(403, "This key may only read");
            }
            request.pathParams().forEach(Input::requireText);
            Administrator by = new Administrator(
                    "key " + key.keyId() + " (" + key.label() + ")",
                    request.request().remoteAddress().hostAddress(),
                    key.tenantId());
            operation.run(by, request).onComplete((answer, failure) -> {
                if (failure != null) {
                    request.fail(failure);
                } else {
                    end(request.response(), answer.status(), "application/json", answer.body());
                }
            });
        });
    }

    private void authenticate(RoutingContext request) {
        String header = request.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length()) || header.length() > MAX_KEY) {
            throw unauthorized();
        }
        request.request().pause();
        store.administration()
                .access()
                .keyOf(ApiKeys.digest(header.substring(BEARER.length()).strip()))
                .onComplete((key, failure) -> {
                    request.request().resume();
                    if (failure != null || key.isEmpty()) {
                        request.fail(failure == null ? unauthorized() : failure);
                    } else {
                        request.put("key", key.get());
                        request.next();
                    }
                });
    }

    private static HttpException unauthorized() {
        return new HttpException(401, "A key is needed: Authorization: Bearer KEY");
    }

    private static Query query(RoutingContext request) {
        Map<String, String> parameters = new HashMap<>();
        request.queryParams().forEach(entry -> {
            Input.requireText(entry.getKey(), entry.getValue());
            if (parameters.putIfAbsent(entry.getKey(), entry.getValue()) != null) {
                throw new InvalidInput(entry.getKey(), "is given twice");
            }
        });
        return new Query(parameters);
    }

    /** Nothing is an empty object. */
    private static JsonObject body(RoutingContext request) {
        Buffer body = request.body().buffer();
        if (body == null || body.length() == 0) {
            return new JsonObject();
        }
        try {
            return body.toJsonObject();
        } catch (DecodeException | ClassCastException e) {
            throw new HttpException(400, "The body is no JSON object");
        }
    }

    private static void fail(RoutingContext request) {
        Throwable failure = request.failure();
        if (failure == null || failure instanceof HttpException http && http.getPayload() == null) {
            int status = request.statusCode() > 0 ? request.statusCode() : 500;
            answer(
                    request,
                    status,
                    status == 413 ? "A body has at most " + MAX_BODY + " octets" : "That is no request");
            return;
        }
        ProblemDetails problem = ProblemDetails.of(failure);
        answer(request, problem);
    }

    private static void answer(RoutingContext request, int status, String detail) {
        answer(request, new ProblemDetails(status, ProblemDetails.title(status), detail, null));
    }

    private static void answer(RoutingContext request, ProblemDetails problem) {
        HttpServerResponse response = request.response();
        if (problem.status() == 401) {
            response.putHeader("www-authenticate", "Bearer");
        }
        end(response, problem.status(), ProblemDetails.MEDIA_TYPE, problem.toJson());
    }

    private static void end(HttpServerResponse response, int status, String type, JsonObject body) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (body == null) {
            response.end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, type).end(body.toBuffer());
        }
    }

    private static Buffer document() {
        try (InputStream file = AdminApi.class.getResourceAsStream("openapi.json")) {
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
