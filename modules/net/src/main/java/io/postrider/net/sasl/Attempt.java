package io.postrider.net.sasl;

import io.postrider.store.Account;
import io.postrider.store.Credentials.Proofs;

/**
 * One login underway.
 *
 * @param mechanism for logs and metrics
 * @param name as given, prepared
 * @param account whose name it is; null for nobody's
 * @param proofs what the password is checked against; of nobody where there is no account
 */
record Attempt(String mechanism, String name, Origin origin, Account account, Proofs proofs) {
    /** Its verifiers as kept; "" for nobody's. */
    String kept() {
        return account == null ? "" : proofs.verifier();
    }
}
