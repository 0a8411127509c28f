package io.postrider.imap;

import io.postrider.store.Flags;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/** Writes responses into one buffer, to be handed to the connection whole. RFC 3501 §9 */
public final class ResponseWriter {
    /** Octets as they are, one for each char. */
    public ResponseWriter raw(String ascii) {
        throw new UnsupportedOperationException();
    }

    public ResponseWriter raw(Buffer octets) {
        throw new UnsupportedOperationException();
    }

    public ResponseWriter number(long number) {
        throw new UnsupportedOperationException();
    }

    /** Quoted when it may be, else a literal; UTF-8. */
    public ResponseWriter string(String text) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #string}, NIL for null. */
    public ResponseWriter nstring(String text) {
        throw new UnsupportedOperationException();
    }

    /** A literal's head and octets. */
    public ResponseWriter literal(Buffer octets) {
        throw new UnsupportedOperationException();
    }

    /** A literal's head alone: the octets follow in pieces. */
    public ResponseWriter literalHead(long octets) {
        throw new UnsupportedOperationException();
    }

    /** A mailbox's name in modified UTF-7: an atom where it may be, else a string. */
    public ResponseWriter mailbox(String name) {
        throw new UnsupportedOperationException();
    }

    /** A parenthesised list of flags. */
    public ResponseWriter flags(Flags flags, boolean recent) {
        throw new UnsupportedOperationException();
    }

    /** date-time, quoted, in UTC. */
    public ResponseWriter dateTime(Instant instant) {
        throw new UnsupportedOperationException();
    }

    public ResponseWriter crlf() {
        throw new UnsupportedOperationException();
    }

    /** Octets written. */
    public int length() {
        throw new UnsupportedOperationException();
    }

    /** What was written; the writer is empty afterwards. */
    public Buffer take() {
        throw new UnsupportedOperationException();
    }
}
