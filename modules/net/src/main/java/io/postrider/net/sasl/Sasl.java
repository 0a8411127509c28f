package io.postrider.net.sasl;

import io.postrider.net.Connection;
import io.postrider.net.sasl.AuthenticationException.Kind;
import java.util.List;
import java.util.Locale;

/** The SASL mechanisms and who may use which. RFC 4422 */
public final class Sasl {
    private static final List<String> WITH_PASSWORD = List.of("PLAIN", "LOGIN");

    private final Authenticator authenticator;

    public Sasl(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /** Those offered on this connection as it is now, strongest first; none before TLS where passwords are not allowed. */
    public List<String> mechanisms(Connection connection) {
        return connection.passwordsAllowed() ? WITH_PASSWORD : List.of();
    }

    /** Begins an exchange; fails with {@link AuthenticationException} NO_MECHANISM when it is not offered. */
    public SaslExchange start(String mechanism, Connection connection) {
        String name = mechanism.toUpperCase(Locale.ROOT);
        if (!mechanisms(connection).contains(name)) {
            throw new AuthenticationException(Kind.NO_MECHANISM, "mechanism not offered");
        }
        return name.equals("PLAIN")
                ? new PlainExchange(authenticator, connection.clientAddress())
                : new LoginExchange(authenticator, connection.clientAddress());
    }

    /** For IMAP LOGIN and POP3 USER and PASS, which are no SASL. */
    public Authenticator authenticator() {
        return authenticator;
    }
}
