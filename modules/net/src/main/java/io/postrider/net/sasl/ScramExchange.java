package io.postrider.net.sasl;

import io.postrider.net.Connection;
import io.postrider.net.sasl.AuthenticationException.Kind;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, the server's side: the client proves that it knows the password without sending it, the
 * server proves that it has its verifier, and with PLUS both prove that they are the two ends of this TLS connection.
 * RFC 5802, RFC 7677
 *
 * <p>Easy to get wrong: who is nobody must look like anybody, with a salt that is always the same; and a client that could
 * have bound to the channel but was not offered it ("y") has been lied to by somebody in the middle.
 */
final class ScramExchange implements SaslExchange {
    static final String NAME = "SCRAM-SHA-256";
    static final String PLUS = "SCRAM-SHA-256-PLUS";

    private static final int NONCE_OCTETS = 18;
    /** Printable ASCII but for the comma. RFC 5802 §7 */
    private static final String NONCE = "[!-+\\--~]{1,512}";

    /** GS2 header: channel binding flag, authorization identity. RFC 5802 §7 */
    private static final Pattern CLIENT_FIRST = Pattern.compile(
            "((?:n|y|p=([A-Za-z0-9.-]{1,64})),(?:a=([^,]{1,1024}))?,)(n=([^,]{0,1024}),r=(" + NONCE + ")(?:,.*)?)",
            Pattern.DOTALL);

    private static final Pattern CLIENT_FINAL = Pattern.compile(
            "(c=([A-Za-z0-9+/=]{4,4096}),r=(" + NONCE + ")(?:,[^,]+)*),p=([A-Za-z0-9+/=]{1,128})", Pattern.DOTALL);

    private static final SecureRandom random = new SecureRandom();

    private final Authenticator authenticator;
    private final Connection connection;
    private final boolean plus;
    private final boolean plusOffered;

    private Attempt attempt;
    private ScramVerifier verifier;
    /** What the client's "c" has to be. */
    private byte[] channel;

    private String firstMessages;
    private String nonce;

    ScramExchange(Authenticator authenticator, Connection connection, boolean plus, boolean plusOffered) {
        this.authenticator = authenticator;
        this.connection = connection;
        this.plus = plus;
        this.plusOffered = plusOffered;
    }

    @Override
    public Future<Step> step(byte[] response) {
        if (response == null) {
            return Future.succeededFuture(new Challenge(new byte[0]));
        }
        try {
            if (response.length > MAX_RESPONSE) {
                throw malformed();
            }
            String message = PlainExchange.utf8(response, 0, response.length);
            return attempt == null ? first(message) : last(message);
        } catch (AuthenticationException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Step> first(String message) {
        Matcher parts = CLIENT_FIRST.matcher(message);
        if (!parts.matches()) {
            // "m=" is an extension that must be understood, and none is. RFC 5802 §5.1
            throw malformed();
        }
        channel = expectedChannel(parts.group(1), parts.group(2));
        String name = unescaped(parts.group(5));
        if (parts.group(3) != null && !SaslPrep.sameName(unescaped(parts.group(3)), name)) {
            throw new AuthenticationException(Kind.FORBIDDEN, "may not act as another");
        }
        nonce = parts.group(6) + newNonce();
        return authenticator
                .begin(plus ? PLUS : NAME, name, Origin.of(connection))
                .map(begun -> {
                    attempt = begun;
                    verifier = authenticator.scramVerifier(begun);
                    String serverFirst = "r=" + nonce + ",s="
                            + Base64.getEncoder().encodeToString(verifier.salt()) + ",i=" + verifier.iterations();
                    firstMessages = parts.group(4) + "," + serverFirst;
                    return new Challenge(octets(serverFirst));
                });
    }

    /** The GS2 header, and behind it what the channel is bound by. RFC 5802 §6 */
    private byte[] expectedChannel(String header, String type) {
        if (plus != (type != null)) {
            throw new AuthenticationException(Kind.MALFORMED, "channel binding and mechanism do not fit");
        }
        if (header.startsWith("y") && plusOffered) {
            // The client thinks that we have no channel binding: somebody has taken it out of our list. RFC 5802 §6
            throw new AuthenticationException(Kind.INVALID, "channel binding was hidden from the client");
        }
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(octets(header));
        if (type != null) {
            byte[] binding = connection.channelBinding(type);
            if (binding == null) {
                throw new AuthenticationException(Kind.INVALID, "unsupported channel binding type");
            }
            expected.writeBytes(binding);
        }
        return expected.toByteArray();
    }

    private Future<Step> last(String message) {
        Matcher parts = CLIENT_FINAL.matcher(message);
        if (!parts.matches()) {
            throw malformed();
        }
        byte[] bound = base64(parts.group(2));
        byte[] proof = base64(parts.group(4));
        byte[] authMessage = octets(firstMessages + "," + parts.group(1));
        boolean fits =
                MessageDigest.isEqual(octets(nonce), octets(parts.group(3))) && MessageDigest.isEqual(channel, bound);
        return authenticator
                .conclude(attempt, () -> Future.succeededFuture(verifier.proves(proof, authMessage) && fits))
                .map(account -> new Success(
                        account,
                        octets("v=" + Base64.getEncoder().encodeToString(verifier.serverSignature(authMessage)))));
    }

    /** "=2C" is a comma and "=3D" an equals sign; no other "=" may be. RFC 5802 §5.1 */
    static String unescaped(String name) {
        String result = name.replace("=2C", ",").replace("=3D", "\0");
        if (result.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw malformed();
        }
        return result.replace('\0', '=');
    }

    private static String newNonce() {
        byte[] octets = new byte[NONCE_OCTETS];
        random.nextBytes(octets);
        return Base64.getEncoder().encodeToString(octets);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static AuthenticationException malformed() {
        return new AuthenticationException(Kind.MALFORMED, "not a SCRAM message");
    }

    /** Those of both that can be had here, the stronger first. */
    static List<String> offered(Connection connection) {
        return isPlusOffered(connection) ? List.of(PLUS, NAME) : List.of(NAME);
    }

    /**
     * Only where the binding that clients take for granted can be had: with TLS 1.3 that is tls-exporter (RFC 9266 §3), and there is
     * no way to tell them of another. With TLS 1.2 they would take tls-unique, which is broken without the extended master
     * secret (RFC 7627).
     */
    static boolean isPlusOffered(Connection connection) {
        return connection.channelBinding("tls-exporter") != null;
    }
}
