package io.postrider.net.sasl;

import io.postrider.net.Connection;
import io.postrider.net.Networks;

/**
 * Where a login comes from.
 *
 * @param address the client's, for logs
 * @param protocol imap, pop3 ...: an app password may be for one of them only
 */
public record Origin(String address, String protocol) {
    public static Origin of(Connection connection) {
        return new Origin(connection.clientAddress(), connection.protocol());
    }

    /** The network that guesses are counted by: a /24 of IPv4, a /64 of IPv6, which is what one customer gets. */
    String network() {
        return Networks.around(address);
    }
}
