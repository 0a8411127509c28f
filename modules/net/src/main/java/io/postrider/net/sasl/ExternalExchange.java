package io.postrider.net.sasl;

import io.postrider.net.sasl.AuthenticationException.Kind;
import io.vertx.core.Future;
import java.util.List;

/**
 * EXTERNAL: the client's certificate has said who it is; its response only names one of the certificate's addresses, or nothing
 * where there is but one. RFC 4422 appendix A
 */
final class ExternalExchange implements SaslExchange {
    static final String NAME = "EXTERNAL";

    private final Authenticator authenticator;
    private final List<String> addresses;
    private final Origin origin;

    ExternalExchange(Authenticator authenticator, List<String> addresses, Origin origin) {
        this.authenticator = authenticator;
        this.addresses = addresses;
        this.origin = origin;
    }

    @Override
    public Future<Step> step(byte[] response) {
        if (response == null) {
            return Future.succeededFuture(new Challenge(new byte[0]));
        }
        try {
            if (response.length > MAX_RESPONSE) {
                throw new AuthenticationException(Kind.MALFORMED, "not an EXTERNAL response");
            }
            String wanted = PlainExchange.utf8(response, 0, response.length);
            return authenticator.proven(NAME, address(wanted), origin).map(account -> new Success(account, null));
        } catch (AuthenticationException e) {
            authenticator.tell(NAME, String.join(" ", addresses), origin, e);
            return Future.failedFuture(e);
        }
    }

    private String address(String wanted) {
        if (wanted.isEmpty()) {
            if (addresses.size() == 1) {
                return addresses.get(0);
            }
            throw new AuthenticationException(Kind.INVALID, "the certificate has several addresses: name one");
        }
        return addresses.stream()
                .filter(each -> SaslPrep.sameName(each, wanted))
                .findFirst()
                .orElseThrow(() -> new AuthenticationException(Kind.INVALID, "not the certificate's address"));
    }
}
