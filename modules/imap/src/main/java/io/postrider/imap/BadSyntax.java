package io.postrider.imap;

/** The client's octets are no command of the grammar, or the command is not allowed now: BAD. */
public final class BadSyntax extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param message what is wrong and where, one line */
    public BadSyntax(String message) {
        this("", message);
    }

    private BadSyntax(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** Sequence numbers mean nothing to a client that has enabled UIDONLY. RFC 9586 §3.1 */
    static BadSyntax uidRequired() {
        return new BadSyntax("UIDREQUIRED", "Messages are named by UID only");
    }

    /** Response code without brackets, "" for none. */
    String code() {
        return code;
    }
}
