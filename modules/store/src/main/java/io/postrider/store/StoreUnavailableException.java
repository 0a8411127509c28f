package io.postrider.store;

/** The database cannot be asked now; trying again later may help. IMAP: NO [UNAVAILABLE]; LMTP: 451 4.3.0. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
