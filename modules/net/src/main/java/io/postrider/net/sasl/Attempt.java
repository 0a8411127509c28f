package io.postrider.net.sasl;

import io.postrider.store.Account;
import io.postrider.store.Credentials.Proofs;

/**
 * One login underway.
 *
 * @param mechanism for logs and metrics
 * @param name as given, prepared
 * @param proofs what the password is checked against; of nobody where there is no account
 */
record Attempt(String mechanism, String name, Origin origin, Proofs proofs) {
    /** Whose name it is; null for nobody's. */
    Account account() {
        return proofs.account().orElse(null);
    }

    /** Its verifiers as kept; "" for nobody's. */
    String kept() {
        return account() == null ? "" : proofs.verifier();
    }
}
