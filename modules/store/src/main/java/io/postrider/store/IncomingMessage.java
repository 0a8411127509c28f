package io.postrider.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * A message whose octets are arriving. Small ones stay in memory; the body of a large one goes to chunk rows as it comes,
 * so that memory does not grow with the message. No transaction is open meanwhile. Used on one context only.
 */
public interface IncomingMessage {
    /**
     * Takes the next octets, from the first of the header on. Wait for the future before giving more: that is the
     * back-pressure. It is complete already while the writer keeps up.
     */
    Future<Void> write(Buffer octets);

    /** Octets taken so far. */
    long size();

    /** The message is whole: parses the rest and waits for what is on its way to chunk rows. */
    Future<NewContent> end();

    /** The message will not come: forgets it; what went to chunk rows is swept later. Never fails; harmless after end. */
    void discard();
}
