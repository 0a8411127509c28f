package io.postrider.store;

import io.postrider.message.MessageStructure;
import io.vertx.core.buffer.Buffer;

/**
 * A message with as much of its content as was asked for; what was not is null.
 *
 * @param header its header's octets, closing empty line included ({@link Field#HEADER} or {@link Field#FIRST_OCTETS})
 * @param envelope wire-ready ({@link Field#ENVELOPE})
 * @param bodyStructure wire-ready ({@link Field#BODYSTRUCTURE})
 * @param body wire-ready BODY ({@link Field#BODY})
 * @param structure where its parts lie ({@link Field#STRUCTURE})
 * @param firstOctets the octets behind the header, as many as the first chunk holds: for most messages all
 *     ({@link Field#FIRST_OCTETS})
 * @param threadId names the conversation it belongs to within the account ({@link Field#THREAD}). The THREADID of RFC 8474
 * @param preview the first words a reader would see ({@link Field#PREVIEW}). RFC 8970
 */
public record FetchedMessage(
        Message message,
        Buffer header,
        Buffer envelope,
        Buffer bodyStructure,
        Buffer body,
        MessageStructure structure,
        Buffer firstOctets,
        Long threadId,
        String preview) {
    /** What may be asked for beyond the narrow row. */
    public enum Field {
        HEADER,
        ENVELOPE,
        BODYSTRUCTURE,
        BODY,
        STRUCTURE,
        FIRST_OCTETS,
        THREAD,
        PREVIEW
    }
}
