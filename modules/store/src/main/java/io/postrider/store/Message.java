package io.postrider.store;

import java.time.Instant;

/**
 * A message's narrow row: what changes, and what every client asks for.
 *
 * @param internalDate RFC 3501 §2.3.3
 * @param saveDate when it came into this mailbox. RFC 8514
 * @param size octets of the whole message, RFC822.SIZE
 * @param contentId names its octets within the account; the same for copies. The EMAILID of RFC 8474
 */
public record Message(
        long uid, long modSeq, Flags flags, Instant internalDate, Instant saveDate, long size, long contentId) {}
