package io.postrider.net.sasl;

import io.postrider.store.Account;
import io.vertx.core.Future;

/** The server's side of one authentication. */
public interface SaslExchange {
    /** Octets of one decoded response. */
    int MAX_RESPONSE = 12_288;

    /**
     * Takes the client's response, decoded from base64.
     *
     * @param response null when the client sent no initial response; "" when it sent an empty one ("=")
     */
    Future<Step> step(byte[] response);

    /** What comes next; a failed login is a failed future. */
    sealed interface Step {}

    /** Send these octets, base64-encoded, and wait for a response. */
    record Challenge(byte[] octets) implements Step {}

    /** @param additional data to send with success, null for none */
    record Success(Account account, byte[] additional) implements Step {}
}
