package io.postrider.imap;

/** The client's octets are no command of the grammar, or the command is not allowed now: BAD. */
public final class BadSyntax extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and where, one line */
    public BadSyntax(String message) {
        super(message, null, false, false);
    }
}
