package io.postrider.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postrider.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /metrics} for Prometheus, {@code /health/live} and {@code /health/ready} for who runs the node. */
final class HttpEndpoints {
    /** How long readiness waits for the database. A probe gives up sooner than that on most installations. */
    static final long READY_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);
    private static final int IDLE_SECONDS = 60;

    private final Vertx vertx;
    private final Store store;
    private final PrometheusMeterRegistry registry;
    private HttpServer server;
    private volatile boolean ready = true;
    /** Whether the database answered when it was last asked. */
    private final AtomicBoolean answering = new AtomicBoolean(true);

    private HttpEndpoints(Vertx vertx, Store store, PrometheusMeterRegistry registry) {
        this.vertx = vertx;
        this.store = store;
        this.registry = registry;
    }

    static Future<HttpEndpoints> open(
            Vertx vertx, String host, int port, Store store, PrometheusMeterRegistry registry) {
        HttpEndpoints endpoints = new HttpEndpoints(vertx, store, registry);
        return vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host)
                        .setPort(port)
                        .setIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .requestHandler(endpoints::answer)
                .listen()
                .map(server -> {
                    endpoints.server = server;
                    return endpoints;
                });
    }

    int port() {
        return server.actualPort();
    }

    /** From now on no new client should be sent here. */
    void notReady() {
        ready = false;
    }

    Future<Void> close() {
        return server.close();
    }

    private void answer(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            request.response().putHeader("allow", "GET, HEAD");
            end(request, 405, "only GET");
            return;
        }
        switch (request.path()) {
            case "/metrics" -> metrics(request);
            case "/health/live" -> end(request, 200, "live");
            case "/health/ready" -> readiness(request);
            default -> end(request, 404, "there are /metrics, /health/live and /health/ready");
        }
    }

    /** Hundreds of meters take milliseconds to write: not on the event loop. */
    private void metrics(HttpServerRequest request) {
        vertx.executeBlocking(() -> registry.scrape(), false).onComplete(text -> {
            if (text.failed()) {
                LOG.error("metrics cannot be written", text.cause());
                end(request, 500, "metrics cannot be written");
                return;
            }
            request.response().putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
            end(request, 200, text.result());
        });
    }

    private void readiness(HttpServerRequest request) {
        if (!ready) {
            end(request, 503, "stopping");
            return;
        }
        store.ping().timeout(READY_MILLIS, TimeUnit.MILLISECONDS).onComplete(pong -> {
            // The log hears of the change, not of each probe.
            boolean changed = answering.getAndSet(pong.succeeded()) != pong.succeeded();
            if (pong.succeeded()) {
                if (changed) {
                    LOG.info("ready again");
                }
                end(request, 200, "ready");
            } else {
                if (changed) {
                    // The reason goes to the log alone: it may say more of the database than a stranger should read.
                    LOG.warn("not ready: {}", Failures.oneLine(pong.cause()));
                }
                end(request, 503, "the database does not answer");
            }
        });
    }

    private static void end(HttpServerRequest request, int status, String text) {
        HttpServerResponse response = request.response().setStatusCode(status);
        if (!response.headers().contains("content-type")) {
            response.putHeader("content-type", "text/plain; charset=utf-8");
        }
        response.end(text.endsWith("\n") ? text : text + "\n");
    }
}
