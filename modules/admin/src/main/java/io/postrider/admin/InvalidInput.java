package io.postrider.admin;

/** Something given cannot be; says what, and changes nothing. Carries no stack trace. */
public final class InvalidInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field which: {@code limits.octets}
     * @param message what is wrong with it; never repeats a secret
     */
    public InvalidInput(String field, String message) {
        super(message, null, false, false);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
