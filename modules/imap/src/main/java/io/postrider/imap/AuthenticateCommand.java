package io.postrider.imap;

import io.postrider.net.sasl.AuthenticationException;
import io.postrider.net.sasl.AuthenticationException.Kind;
import io.postrider.net.sasl.SaslExchange;
import io.postrider.net.sasl.SaslExchange.Challenge;
import io.postrider.net.sasl.SaslExchange.Step;
import io.postrider.net.sasl.SaslExchange.Success;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * AUTHENTICATE: a SASL exchange, a line of base64 at a time. RFC 3501 §6.2.2
 *
 * @param initialResponse as sent, "=" for an empty one; null when none was. RFC 4959
 */
record AuthenticateCommand(String mechanism, String initialResponse) implements Command {
    private static final byte[] NOTHING = {};

    static Command parse(CommandReader reader) {
        reader.space();
        String mechanism = reader.word();
        return new AuthenticateCommand(mechanism, reader.take(' ') ? reader.atom() : null);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        SaslExchange exchange = session.sasl().start(mechanism, session.connection());
        byte[] first =
                initialResponse == null ? null : initialResponse.equals("=") ? NOTHING : decoded(initialResponse);
        return exchange.step(first).compose(step -> next(session, exchange, step));
    }

    private Future<Completion> next(ImapSession session, SaslExchange exchange, Step step) {
        if (step instanceof Challenge challenge) {
            return ask(session, challenge.octets())
                    .compose(exchange::step)
                    .compose(following -> next(session, exchange, following));
        }
        Success success = (Success) step;
        // IMAP has no room for data in its OK: they go as one more challenge, to be answered by nothing. RFC 4422 §3.6
        Future<byte[]> told =
                success.additional() == null ? Future.succeededFuture(NOTHING) : ask(session, success.additional());
        return told.compose(answer -> Logins.succeeded(session, success.account(), "AUTHENTICATE"));
    }

    private static Future<byte[]> ask(ImapSession session, byte[] challenge) {
        session.requestContinuation(Base64.getEncoder().encodeToString(challenge));
        return session.nextLine().map(line -> {
            String response = new String(line, StandardCharsets.ISO_8859_1);
            if (response.equals("*")) {
                throw new AuthenticationException(Kind.CANCELLED, "Authentication cancelled");
            }
            return decoded(response);
        });
    }

    private static byte[] decoded(String base64) {
        try {
            byte[] octets = Base64.getDecoder().decode(base64);
            if (octets.length <= SaslExchange.MAX_RESPONSE) {
                return octets;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new AuthenticationException(Kind.MALFORMED, "Response is no base64 of a fitting length");
    }

    @Override
    public String toString() {
        return "AuthenticateCommand[" + mechanism + "]";
    }
}
