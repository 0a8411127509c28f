package io.postrider.net.sasl;

import io.postrider.net.sasl.AuthenticationException.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks bearer tokens: JSON Web Tokens (RFC 7519) that our one issuer has signed, for us, and that have not run out. Only with
 * signatures by public keys; whatever a token's header says, it chooses neither key nor kind beyond those.
 */
public final class Tokens {
    private static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    private static final Logger log = LoggerFactory.getLogger(Tokens.class);

    private final Vertx vertx;
    private final TokenOptions options;
    private final TokenKeys keys;
    private volatile Checker checker = new Checker(List.of(), null);

    /** Made anew when the keys have changed. */
    private record Checker(List<JsonObject> keys, JWTAuth auth) {}

    public Tokens(Vertx vertx, TokenOptions options) {
        this(vertx, options, TokenKeys.SOONEST);
    }

    Tokens(Vertx vertx, TokenOptions options, Duration soonest) {
        this.vertx = vertx;
        this.options = options;
        this.keys = new TokenKeys(vertx, options.keys(), soonest);
    }

    /** The address that the token speaks for; INVALID, and only the log tells why. */
    Future<String> address(String token) {
        String key;
        try {
            key = keyOf(token);
        } catch (RuntimeException e) {
            return invalid("no token of ours: " + e.getMessage());
        }
        return keys.forKey(key)
                .compose(known -> vertx.executeBlocking(() -> check(known, token), false))
                .compose(found ->
                        found.address == null ? invalid(found.problem) : Future.succeededFuture(found.address));
    }

    private record Found(String address, String problem) {}

    private Found check(List<JsonObject> known, String token) {
        try {
            Future<User> checked = checker(known).authenticate(new TokenCredentials(token));
            if (!checked.succeeded()) {
                return new Found(null, String.valueOf(checked.cause().getMessage()));
            }
            JsonObject claims = checked.result().attributes().getJsonObject("accessToken");
            if (!(claims.getValue("exp") instanceof Number)) {
                return new Found(null, "it never runs out");
            }
            return claims.getValue(options.claim()) instanceof String address && !address.isBlank()
                    ? new Found(address, null)
                    : new Found(null, "no claim " + options.claim());
        } catch (RuntimeException e) {
            return new Found(null, e.toString());
        }
    }

    private JWTAuth checker(List<JsonObject> known) {
        Checker there = checker;
        if (there.keys != known) {
            JWTAuthOptions all = new JWTAuthOptions()
                    .setJWTOptions(new JWTOptions()
                            .setIssuer(options.issuer())
                            .setAudience(List.of(options.audience()))
                            .setLeeway((int) options.leeway().toSeconds()));
            known.forEach(all::addJwk);
            there = new Checker(known, JWTAuth.create(vertx, all));
            checker = there;
        }
        return there.auth;
    }

    /** The key that the header names, null for none. Three parts: the library takes one without a signature when it has no keys. */
    private static String keyOf(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || parts[2].isEmpty()) {
            throw new IllegalArgumentException("not three parts");
        }
        String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
        JsonObject fields = new JsonObject(header);
        if (!(fields.getValue("alg") instanceof String algorithm) || !ALGORITHMS.contains(algorithm)) {
            throw new IllegalArgumentException("signed by no public key");
        }
        return fields.getValue("kid") instanceof String id ? id : null;
    }

    private static <T> Future<T> invalid(String why) {
        log.debug("a token is refused: {}", why);
        return Future.failedFuture(new AuthenticationException(Kind.INVALID, "invalid token"));
    }
}
