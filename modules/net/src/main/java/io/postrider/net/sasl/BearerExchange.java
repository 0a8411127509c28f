package io.postrider.net.sasl;

import io.postrider.net.sasl.AuthenticationException.Kind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * OAUTHBEARER (RFC 7628) and the older XOAUTH2 of Google's that most clients know: a bearer token instead of a password. A
 * refusal comes as JSON in a challenge, to which the client answers with next to nothing before the mechanism fails.
 */
final class BearerExchange implements SaslExchange {
    static final String NAME = "OAUTHBEARER";
    static final String OLD_NAME = "XOAUTH2";

    /** GS2 header without channel binding, then fields between ^A, and ^A^A at the end. RFC 7628 §3.1 */
    private static final Pattern MESSAGE =
            Pattern.compile("[ny],(?:a=([^,\u0001]{1,1024}))?,\u0001((?:[A-Za-z]+=[^\u0001]*\u0001)*)\u0001");

    private static final Pattern OLD_MESSAGE =
            Pattern.compile("user=([^\u0001]{0,1024})\u0001((?:[A-Za-z]+=[^\u0001]*\u0001)*)\u0001");

    /** RFC 6750 §2.1 */
    private static final Pattern AUTH =
            Pattern.compile("(?:^|\u0001)auth=bearer +([A-Za-z0-9._~+/=-]+)\u0001", Pattern.CASE_INSENSITIVE);

    private final Authenticator authenticator;
    private final Tokens tokens;
    private final Origin origin;
    private final boolean old;
    /** What the client is refused for, and has been told in a challenge. */
    private Throwable refused;

    BearerExchange(Authenticator authenticator, Tokens tokens, Origin origin, boolean old) {
        this.authenticator = authenticator;
        this.tokens = tokens;
        this.origin = origin;
        this.old = old;
    }

    @Override
    public Future<Step> step(byte[] response) {
        if (refused != null) {
            // ^A, or nothing from clients of the older one; whatever it is, it is over. RFC 7628 §3.2.3
            return Future.failedFuture(refused);
        }
        if (response == null) {
            return Future.succeededFuture(new Challenge(new byte[0]));
        }
        try {
            return first(response);
        } catch (AuthenticationException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Step> first(byte[] response) {
        if (response.length > MAX_RESPONSE) {
            throw malformed();
        }
        String message = PlainExchange.utf8(response, 0, response.length);
        Matcher parts = (old ? OLD_MESSAGE : MESSAGE).matcher(message);
        if (!parts.matches()) {
            throw malformed();
        }
        String claimed = parts.group(1) == null ? "" : old ? parts.group(1) : ScramExchange.unescaped(parts.group(1));
        Matcher auth = AUTH.matcher(parts.group(2));
        if (!auth.find()) {
            throw malformed();
        }
        String mechanism = old ? OLD_NAME : NAME;
        return tokens.address(auth.group(1))
                .onFailure(failure -> authenticator.tell(mechanism, claimed, origin, failure))
                .compose(address -> claimed.isEmpty() || SaslPrep.sameName(claimed, address)
                        ? authenticator.proven(mechanism, address, origin)
                        : another(mechanism, claimed))
                .<Step>map(account -> new Success(account, null))
                .recover(this::refuse);
    }

    private <T> Future<T> another(String mechanism, String claimed) {
        AuthenticationException refusal = new AuthenticationException(Kind.INVALID, "invalid token");
        authenticator.tell(mechanism, claimed, origin, refusal);
        return Future.failedFuture(refusal);
    }

    /** Why, in the form that both mechanisms have; what is our own fault is told in the protocol's way. RFC 7628 §3.2.2 */
    private Future<Step> refuse(Throwable failure) {
        if (!(failure instanceof AuthenticationException refusal)) {
            return Future.failedFuture(failure);
        }
        // In the same words for a bad token and for a good one of nobody's.
        refused = refusal.kind() == Kind.INVALID ? new AuthenticationException(Kind.INVALID, "invalid token") : refusal;
        JsonObject why = old
                ? new JsonObject().put("status", "401").put("schemes", "bearer").put("scope", "")
                : new JsonObject().put("status", "invalid_token");
        return Future.succeededFuture(new Challenge(why.encode().getBytes(StandardCharsets.UTF_8)));
    }

    private static AuthenticationException malformed() {
        return new AuthenticationException(Kind.MALFORMED, "not a bearer token message");
    }
}
