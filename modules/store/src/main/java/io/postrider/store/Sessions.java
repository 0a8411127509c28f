package io.postrider.store;

import io.vertx.core.Future;

/**
 * Clients that have logged in, on all nodes: counted against the limits, listed for administrators, and ended by them. What
 * an administrator does to an account reaches its sessions on every node within a second.
 */
public interface Sessions {
    /**
     * Lets a client in that has proved who it is, in one round trip. Fails with SUSPENDED, {@link Refusal.Moved},
     * FORBIDDEN (the protocol), TOO_MANY_SESSIONS, TOO_FAST, or NONEXISTENT for an account that is deleted.
     *
     * @param protocol as in {@link Protocols}
     * @param listener told on the context that called this
     */
    Future<Session> open(long accountId, String protocol, String clientAddress, Listener listener);

    /** Hears that the session has to end, once, and may hear it behind its own end. */
    @FunctionalInterface
    interface Listener {
        /** @param why one line that a client may be shown */
        void end(String why);
    }

    /** A session that was let in. */
    interface Session {
        /** It has ended. Never fails; what another node cannot be told is forgotten when this one is. */
        void close();
    }
}
