package io.postrider.store.postgres;

/** The database answers, but this node cannot work with what it holds. The message is one line for the administrator. */
public final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
