package io.postrider.server.cli;

import io.postrider.admin.InvalidInput;
import io.postrider.admin.Names;
import io.postrider.server.Problem;

/** What may be an account's address or a domain here, as the API has it; fails with a {@link Problem}. */
final class Addresses {
    private Addresses() {}

    /** Lower case. */
    static String address(String text) {
        try {
            return Names.address("address", text);
        } catch (InvalidInput e) {
            throw new Problem(e.getMessage());
        }
    }

    /** Lower case. */
    static String domain(String text) {
        try {
            return Names.domain("domain", text);
        } catch (InvalidInput e) {
            throw new Problem(e.getMessage());
        }
    }
}
