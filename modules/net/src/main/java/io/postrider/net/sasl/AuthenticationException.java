package io.postrider.net.sasl;

/** The login failed; the kind is what the client may know. IMAP's codes are those of RFC 5530. */
public final class AuthenticationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** Name or password are wrong. AUTHENTICATIONFAILED; POP3 [AUTH]; SMTP 535 5.7.8 */
        INVALID,
        /** The account may not log in now. AUTHORIZATIONFAILED */
        FORBIDDEN,
        /** So many logins failed lately that this one is not looked at. UNAVAILABLE; POP3 [SYS/TEMP] */
        TOO_MANY,
        /** The client broke the mechanism's grammar. BAD */
        MALFORMED,
        /** The client gave up with "*". BAD; RFC 4422 §3.5 */
        CANCELLED,
        /** The mechanism is not offered on this connection. */
        NO_MECHANISM
    }

    private final Kind kind;

    public AuthenticationException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
