package io.postrider.imap;

import java.util.List;

/**
 * A sequence set as the client wrote it: numbers of messages, or UIDs; "*" is only known once the mailbox is. RFC 3501 §9
 *
 * @param ranges in the order written; {@link #STAR} stands for "*"; ends may be in either order
 */
public record SequenceSet(List<Range> ranges) {
    /** "*"; also what some clients write as 4294967295. */
    public static final long STAR = 0xFFFF_FFFFL;

    /** Ranges that one set may have. */
    public static final int MAX_RANGES = 100_000;

    record Range(long from, long to) {}
}
