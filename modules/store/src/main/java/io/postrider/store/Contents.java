package io.postrider.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** The octets of messages: in as they arrive, out in slices. */
public interface Contents {
    /** Octets of one chunk row; {@link #read} gives at most this many. */
    int CHUNK_OCTETS = 128 << 10;
    /** A body up to this many octets stays in memory until it is committed. */
    int MEMORY_OCTETS = 128 << 10;

    /** Begins to take a message for these accounts (one for APPEND, all recipients for LMTP). */
    IncomingMessage receive(List<Long> accountIds);

    /**
     * A slice of a message's octets, header included: from {@code offset} on at most {@code length} octets, and at most
     * {@link #CHUNK_OCTETS}; ask again from where it ended. Empty at the end. Fails with EXPUNGED when the content is gone.
     */
    Future<Buffer> read(long accountId, long contentId, long offset, long length);
}
