package io.postrider.net;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/**
 * One client's TCP connection. Touched only on its own context, by the one {@link ConnectionHandler} that owns it.
 *
 * <p>Writes are gathered and leave in one flush at the end of the event loop's turn.
 */
public final class Connection {
    /** Short, unique on this node, in every log line of the connection. */
    public String id() {
        throw new UnsupportedOperationException("written by the net module");
    }

    public Context context() {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** The client's address, as the PROXY header says where one is due. */
    public String clientAddress() {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Whether TLS is up. */
    public boolean secure() {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Whether this listener has TLS to start and it is not up yet. */
    public boolean startTlsOffered() {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Whether a password may be sent over this connection as it is now: TLS is up, or the listener allows plain text. */
    public boolean passwordsAllowed() {
        throw new UnsupportedOperationException("written by the net module");
    }

    public void write(Buffer octets) {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Writes in US-ASCII. */
    public void write(String text) {
        throw new UnsupportedOperationException("written by the net module");
    }

    /**
     * Completes when the client has taken enough that more may be written; at once when it keeps up. Fails when the
     * connection closes first. Everything that writes much waits for it.
     */
    public Future<Void> drained() {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Stops reading from the client; what is underway may still come. */
    public void pause() {
        throw new UnsupportedOperationException("written by the net module");
    }

    public void resume() {
        throw new UnsupportedOperationException("written by the net module");
    }

    /**
     * Writes the reply in the clear, then starts TLS. What the client sent behind its STARTTLS in plain text is an attack:
     * the connection closes, and nothing of it is ever handled. CVE-2011-0411
     *
     * @param unread octets that the handler holds and has not acted on yet
     */
    public Future<Void> startTls(String reply, int unread) {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Calls {@link ConnectionHandler#timedOut} when no octet came for so long, from now on. */
    public void idleTimeout(Duration time) {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Closes behind what has been written. */
    public void close() {
        throw new UnsupportedOperationException("written by the net module");
    }

    public boolean isClosed() {
        throw new UnsupportedOperationException("written by the net module");
    }
}
