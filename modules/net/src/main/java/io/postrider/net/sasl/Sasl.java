package io.postrider.net.sasl;

import io.postrider.net.Connection;
import java.util.List;

/** The SASL mechanisms and who may use which. RFC 4422 */
public final class Sasl {
    public Sasl(Authenticator authenticator) {}

    /** Those offered on this connection as it is now, strongest first; none before TLS where passwords are not allowed. */
    public List<String> mechanisms(Connection connection) {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Begins an exchange; fails with {@link AuthenticationException} NO_MECHANISM when it is not offered. */
    public SaslExchange start(String mechanism, Connection connection) {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** For IMAP LOGIN and POP3 USER and PASS, which are no SASL. */
    public Authenticator authenticator() {
        throw new UnsupportedOperationException("written by the net module");
    }
}
