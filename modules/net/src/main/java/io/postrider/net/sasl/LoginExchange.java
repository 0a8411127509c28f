package io.postrider.net.sasl;

import io.postrider.net.sasl.AuthenticationException.Kind;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;

/**
 * LOGIN: name and password, each asked for by itself. Never standardized (draft-murchison-sasl-login); kept for Outlook, which
 * knows nothing else. Clients may send the name as initial response, and look at no challenge's text.
 */
final class LoginExchange implements SaslExchange {
    private final Authenticator authenticator;
    private final Origin origin;
    private String name;

    LoginExchange(Authenticator authenticator, Origin origin) {
        this.authenticator = authenticator;
        this.origin = origin;
    }

    @Override
    public Future<Step> step(byte[] response) {
        if (response == null) {
            return challenge("Username:");
        }
        if (response.length == 0 || response.length > MAX_RESPONSE) {
            return Future.failedFuture(new AuthenticationException(Kind.MALFORMED, "not a LOGIN response"));
        }
        if (name == null) {
            try {
                name = PlainExchange.utf8(response, 0, response.length);
            } catch (AuthenticationException e) {
                return Future.failedFuture(e);
            }
            return challenge("Password:");
        }
        return authenticator.authenticate("LOGIN", name, response, origin).map(account -> new Success(account, null));
    }

    private static Future<Step> challenge(String text) {
        return Future.succeededFuture(new Challenge(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
