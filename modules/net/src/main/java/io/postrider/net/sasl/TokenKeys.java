package io.postrider.net.sasl;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of who issues tokens (RFC 7517), fetched anew now and then and when a token names one that is not among
 * them: issuers change their keys without telling. While they cannot be fetched, the last ones serve.
 */
final class TokenKeys {
    /** Longer than that no key is trusted that its issuer has taken back. */
    static final Duration REFRESH = Duration.ofMinutes(5);

    /** Tokens with made-up keys do not make us ask the issuer more often. */
    static final Duration SOONEST = Duration.ofSeconds(10);

    static final int MAX_OCTETS = 1 << 20;
    static final int MAX_KEYS = 100;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /** Shared secrets are none of them: they would be as good for making tokens as for checking them. */
    private static final Set<String> PUBLIC = Set.of("RSA", "EC", "OKP");

    private static final Logger log = LoggerFactory.getLogger(TokenKeys.class);

    private final Vertx vertx;
    private final String place;
    private final Duration soonest;
    private final HttpClient http;
    private volatile List<JsonObject> keys;
    private long triedAt;
    private Future<List<JsonObject>> fetching;

    TokenKeys(Vertx vertx, String place, Duration soonest) {
        this.vertx = vertx;
        this.place = place;
        this.soonest = soonest;
        this.http = isUrl()
                ? vertx.createHttpClient(new HttpClientOptions()
                        .setConnectTimeout((int) TIMEOUT.toMillis())
                        .setVerifyHost(true))
                : null;
    }

    /** Those to check a token with that names this key; null when it names none. */
    Future<List<JsonObject>> forKey(String id) {
        List<JsonObject> known = keys;
        boolean isKnown =
                known != null && (id == null || known.stream().anyMatch(key -> id.equals(key.getValue("kid"))));
        Duration goodFor = isKnown ? REFRESH : soonest;
        if (known != null && age() < goodFor.toNanos()) {
            return Future.succeededFuture(known);
        }
        return fetch().recover(failure -> known != null
                ? Future.succeededFuture(known)
                : Future.failedFuture(new StoreUnavailableException("tokens cannot be checked now", failure)));
    }

    private synchronized long age() {
        return System.nanoTime() - triedAt;
    }

    /** One fetch at a time, for all who wait. */
    private Future<List<JsonObject>> fetch() {
        Promise<List<JsonObject>> here = ((ContextInternal) vertx.getOrCreateContext()).promise();
        synchronized (this) {
            if (fetching == null) {
                triedAt = System.nanoTime();
                fetching = octets().map(TokenKeys::parse).onComplete(done -> fetched(done.result(), done.cause()));
            }
            fetching.onComplete(here);
        }
        return here.future();
    }

    private synchronized void fetched(List<JsonObject> found, Throwable failure) {
        fetching = null;
        if (failure != null) {
            log.warn("the keys of tokens could not be had from {}: {}", place, failure.getMessage());
        } else {
            keys = found;
            log.debug("{} keys of tokens from {}", found.size(), place);
        }
    }

    private boolean isUrl() {
        return place.startsWith("http://") || place.startsWith("https://");
    }

    private Future<Buffer> octets() {
        if (!isUrl()) {
            return vertx.fileSystem()
                    .props(place)
                    .compose(file -> file.size() > MAX_OCTETS
                            ? Future.failedFuture("larger than " + MAX_OCTETS + " octets")
                            : vertx.fileSystem().readFile(place));
        }
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(place)
                .setFollowRedirects(false)
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("Accept", "application/json");
        return http.request(request)
                .compose(asked -> asked.send())
                .compose(TokenKeys::body)
                .timeout(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            response.request().reset();
            return Future.failedFuture("status " + response.statusCode());
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer sofar = Buffer.buffer();
        response.exceptionHandler(whole::tryFail)
                .endHandler(end -> whole.tryComplete(sofar))
                .handler(octets -> {
                    if (sofar.length() + octets.length() > MAX_OCTETS) {
                        whole.tryFail("larger than " + MAX_OCTETS + " octets");
                        response.request().reset();
                    } else {
                        sofar.appendBuffer(octets);
                    }
                });
        return whole.future();
    }

    private static List<JsonObject> parse(Buffer octets) {
        JsonArray all = new JsonObject(octets).getJsonArray("keys", new JsonArray());
        List<JsonObject> usable = new ArrayList<>();
        for (Object each : all) {
            if (each instanceof JsonObject key
                    && PUBLIC.contains(String.valueOf(key.getValue("kty")))
                    && !"enc".equals(key.getValue("use"))
                    && usable.size() < MAX_KEYS) {
                usable.add(key);
            }
        }
        if (usable.isEmpty()) {
            throw new IllegalArgumentException("no public key in it");
        }
        return List.copyOf(usable);
    }
}
