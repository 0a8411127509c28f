package io.postrider.net.sasl;

import io.postrider.store.Account;
import io.vertx.core.Future;

/** Checks passwords against the directory, off the event loop, and remembers verified logins for a short while. */
public final class Authenticator {
    /**
     * Completes with the account, or fails with {@link AuthenticationException}; an unknown account costs and says the same
     * as a wrong password.
     *
     * @param name the authentication identity: the account's address
     * @param clientAddress for logs and, later, for slowing down guesses
     */
    public Future<Account> authenticate(String name, byte[] password, String clientAddress) {
        throw new UnsupportedOperationException("written by the net module");
    }
}
