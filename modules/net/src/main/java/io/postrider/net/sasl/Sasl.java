package io.postrider.net.sasl;

import io.postrider.net.Connection;
import io.postrider.net.sasl.AuthenticationException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The SASL mechanisms and who may use which. RFC 4422 */
public final class Sasl {
    private static final String PLAIN = "PLAIN";
    private static final String LOGIN = "LOGIN";

    private final Authenticator authenticator;
    /** Null where no tokens are taken. */
    private final Tokens tokens;

    public Sasl(Authenticator authenticator) {
        this(authenticator, Optional.empty());
    }

    public Sasl(Authenticator authenticator, Optional<Tokens> tokens) {
        this.authenticator = authenticator;
        this.tokens = tokens.orElse(null);
    }

    /** Those offered on this connection as it is now, strongest first; none before TLS where passwords are not allowed. */
    public List<String> mechanisms(Connection connection) {
        if (!connection.passwordsAllowed()) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        if (!connection.clientAddresses().isEmpty()) {
            all.add(ExternalExchange.NAME);
        }
        if (authenticator.passwords().kinds().scram()) {
            all.addAll(ScramExchange.offered(connection));
        }
        if (tokens != null) {
            all.add(BearerExchange.NAME);
            all.add(BearerExchange.OLD_NAME);
        }
        all.add(PLAIN);
        all.add(LOGIN);
        return all;
    }

    /** Begins an exchange; fails with {@link AuthenticationException} NO_MECHANISM when it is not offered. */
    public SaslExchange start(String mechanism, Connection connection) {
        String name = mechanism.toUpperCase(Locale.ROOT);
        List<String> offered = mechanisms(connection);
        if (!offered.contains(name)) {
            throw new AuthenticationException(Kind.NO_MECHANISM, "mechanism not offered");
        }
        Origin origin = Origin.of(connection);
        return switch (name) {
            case ScramExchange.PLUS, ScramExchange.NAME ->
                new ScramExchange(
                        authenticator,
                        connection,
                        name.equals(ScramExchange.PLUS),
                        offered.contains(ScramExchange.PLUS));
            case ExternalExchange.NAME -> new ExternalExchange(authenticator, connection.clientAddresses(), origin);
            case BearerExchange.NAME, BearerExchange.OLD_NAME ->
                new BearerExchange(authenticator, tokens, origin, name.equals(BearerExchange.OLD_NAME));
            case PLAIN -> new PlainExchange(authenticator, origin);
            default -> new LoginExchange(authenticator, origin);
        };
    }

    /** For IMAP LOGIN and POP3 USER and PASS, which are no SASL. */
    public Authenticator authenticator() {
        return authenticator;
    }
}
