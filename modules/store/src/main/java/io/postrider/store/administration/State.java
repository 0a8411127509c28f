package io.postrider.store.administration;

import java.util.Locale;

/** How a tenant or an account stands. A suspended or deleted tenant's accounts are all as good as suspended or deleted. */
public enum State {
    ACTIVE,
    /** Keeps everything; nobody logs in, and mail waits elsewhere. */
    SUSPENDED,
    /** Nobody's, and yet keeps everything for a grace period, in which it can be made active again. */
    DELETED,
    /** The grace period is over. */
    REMOVING;

    /** As it is written everywhere. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Fails with IllegalArgumentException. */
    public static State of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
