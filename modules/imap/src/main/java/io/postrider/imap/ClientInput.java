package io.postrider.imap;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;

/** What the command that runs may yet have from its client. */
interface ClientInput {
    /** The client's next line, without its end: a SASL response, or what ends IDLE. Fails when the connection closes. */
    Future<byte[]> line();

    /**
     * Has the literal that the command so far ends in, asking the client for it if it waits; completes with what follows:
     * {@link Framed.Whole} up to the command's end, or {@link Framed.Begun} up to its next message.
     *
     * @param taker gets the octets, no faster than its futures complete
     */
    Future<Framed> message(Function<Buffer, Future<Void>> taker);

    /** Says goodbye and closes. Nothing more is framed or run. */
    void end(String text);

    /** Octets that came behind the command that runs. */
    int unread();
}
