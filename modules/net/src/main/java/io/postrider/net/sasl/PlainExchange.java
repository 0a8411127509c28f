package io.postrider.net.sasl;

import io.postrider.net.sasl.AuthenticationException.Kind;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** PLAIN: authorization identity, NUL, authentication identity, NUL, password; all in one response. RFC 4616 §2 */
final class PlainExchange implements SaslExchange {
    private final Authenticator authenticator;
    private final Origin origin;

    PlainExchange(Authenticator authenticator, Origin origin) {
        this.authenticator = authenticator;
        this.origin = origin;
    }

    @Override
    public Future<Step> step(byte[] response) {
        if (response == null) {
            return Future.succeededFuture(new Challenge(new byte[0]));
        }
        try {
            return authenticate(response);
        } catch (AuthenticationException e) {
            return Future.failedFuture(e);
        } finally {
            Arrays.fill(response, (byte) 0);
        }
    }

    private Future<Step> authenticate(byte[] message) {
        int firstNul = nul(message, 0);
        int secondNul = nul(message, firstNul + 1);
        if (message.length > MAX_RESPONSE || firstNul < 0 || secondNul < 0 || nul(message, secondNul + 1) >= 0) {
            throw malformed();
        }
        String authorizationIdentity = utf8(message, 0, firstNul);
        String name = utf8(message, firstNul + 1, secondNul);
        byte[] password = Arrays.copyOfRange(message, secondNul + 1, message.length);
        if (name.isEmpty() || password.length == 0) {
            throw malformed();
        }
        if (!authorizationIdentity.isEmpty() && !SaslPrep.sameName(authorizationIdentity, name)) {
            // Nobody may act for another yet.
            throw new AuthenticationException(Kind.FORBIDDEN, "may not act as another");
        }
        return authenticator.authenticate("PLAIN", name, password, origin).map(account -> new Success(account, null));
    }

    private static int nul(byte[] octets, int from) {
        for (int i = from; i < octets.length; i++) {
            if (octets[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    static String utf8(byte[] octets, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static AuthenticationException malformed() {
        return new AuthenticationException(Kind.MALFORMED, "not a response of this mechanism");
    }
}
