package io.postrider.net;

import io.vertx.core.buffer.Buffer;

/** A protocol's end of one connection; called on the connection's context only. */
public interface ConnectionHandler {
    /** Octets came, in the clear; cut anywhere. The buffer is the handler's own. An exception closes the connection. */
    void received(Buffer octets);

    /**
     * The client sends no more, and may still read: reply to what it has sent, and close. Never called while paused; called
     * again at each {@link Connection#resume}.
     */
    void inputEnded();

    /** Nothing came for the time set by {@link Connection#idleTimeout}. Say goodbye in the protocol's way and close. */
    void timedOut();

    /** The node is going down: say goodbye as soon as no command is cut by it, and close. RFC 3501 §7.1.5 */
    void shuttingDown();

    /** The connection is gone, whoever closed it. Called once, last. */
    void closed();
}
