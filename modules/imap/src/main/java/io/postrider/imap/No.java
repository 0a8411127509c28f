package io.postrider.imap;

/** The command is understood and will not be done: NO. */
public final class No extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param code response code without brackets, "" for none. RFC 5530 */
    public No(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
