package io.postrider.pop3;

import io.postrider.net.sasl.AuthenticationException;
import io.postrider.net.sasl.SaslExchange;
import io.postrider.store.Account;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * AUTH: a SASL exchange; without a mechanism (and with a space behind it, as Outlook sends it) the list of mechanisms.
 * RFC 5034 §4, once RFC 1734
 *
 * @param mechanism "" to list them
 * @param initialResponse null when there is none; "=" is an empty one
 */
record AuthCommand(String mechanism, String initialResponse) implements Command {
    static AuthCommand parse(String arguments) {
        String[] words = arguments.strip().split(" +");
        if (words.length > 2) {
            throw Refused.bad("Mechanism and initial response expected");
        }
        return new AuthCommand(words[0].toUpperCase(Locale.ROOT), words.length == 2 ? words[1] : null);
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        if (mechanism.isEmpty()) {
            session.ok("Mechanisms follow");
            session.sasl().mechanisms(session.connection()).forEach(name -> session.write(name + "\r\n"));
            session.write(".\r\n");
            return Future.succeededFuture();
        }
        SaslExchange exchange = session.sasl().start(mechanism, session.connection());
        return exchange.step(initialResponse == null ? null : decoded(initialResponse))
                .compose(step -> goOn(session, exchange, step))
                .compose(account -> Logins.open(session, account));
    }

    private static Future<Account> goOn(Pop3Connection session, SaslExchange exchange, SaslExchange.Step step) {
        if (step instanceof SaslExchange.Challenge challenge) {
            return response(session, challenge.octets())
                    .compose(exchange::step)
                    .compose(next -> goOn(session, exchange, next));
        }
        SaslExchange.Success success = (SaslExchange.Success) step;
        if (success.additional() == null) {
            return Future.succeededFuture(success.account());
        }
        // +OK has no room for it, so it goes as a challenge that is answered by nothing. RFC 5034 §4
        return response(session, success.additional()).map(success.account());
    }

    private static Future<byte[]> response(Pop3Connection session, byte[] challenge) {
        session.write("+ " + Base64.getEncoder().encodeToString(challenge) + "\r\n");
        return session.nextLine().map(line -> {
            String text = new String(line, StandardCharsets.ISO_8859_1);
            if (text.equals("*")) { // RFC 4422 §3.5
                throw new AuthenticationException(AuthenticationException.Kind.CANCELLED, "Cancelled");
            }
            return decoded(text);
        });
    }

    private static byte[] decoded(String base64) {
        try {
            return base64.equals("=") ? new byte[0] : Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new AuthenticationException(AuthenticationException.Kind.MALFORMED, "Bad base64");
        }
    }

    @Override
    public String toString() {
        return "AUTH " + mechanism;
    }
}
