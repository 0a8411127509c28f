package io.postrider.imap;

import io.postrider.store.UidSet;
import java.util.List;

/**
 * A sequence set as the client wrote it: numbers of messages, or UIDs; "*" and "$" are only known once the mailbox is, see
 * {@link SelectedMailbox#named}. RFC 3501 §9
 *
 * @param ranges in the order written; {@link #STAR} stands for "*"; ends may be in either order
 */
public record SequenceSet(List<Range> ranges) {
    /** "$", what SEARCH has saved: of the same messages, whether they are named by number or by UID. RFC 5182 §2.1 */
    static final SequenceSet SAVED = new SequenceSet(List.of());

    /** "*"; also what Outlook writes as 4294967295. */
    public static final long STAR = 0xFFFF_FFFFL;

    /** Ranges that one set may have. */
    public static final int MAX_RANGES = 100_000;

    record Range(long from, long to) {}

    boolean isSaved() {
        return ranges.isEmpty();
    }

    /** Whether "*" is in it. */
    boolean hasStar() {
        return ranges.stream().anyMatch(range -> range.from == STAR || range.to == STAR);
    }

    /** The numbers themselves, whatever messages there are; "*" is the highest there can be. */
    UidSet asWritten() {
        UidSet.Builder numbers = new UidSet.Builder();
        for (Range range : ranges) {
            numbers.addRange(Math.min(range.from, range.to), Math.max(range.from, range.to));
        }
        return numbers.build();
    }

    /** Whether it is a seq-number or "*", and no range. RFC 3501 §9 */
    boolean isOne() {
        return ranges.size() == 1 && ranges.get(0).from == ranges.get(0).to;
    }

    /** Whether it names UIDs above this one: then what the store has newly got may be meant. */
    boolean reachesAbove(long uid) {
        return ranges.stream().anyMatch(range -> Math.max(range.from, range.to) > uid);
    }

    /**
     * The messages with these UIDs, as ranges which may have holes; UIDs without a message are no error. "*" is the last
     * message even where the other end lies above it. RFC 3501 §6.4.8
     */
    UidSet byUid(UidMap map) {
        long highest = map.highest();
        UidSet.Builder uids = new UidSet.Builder();
        for (Range range : ranges) {
            long from = range.from == STAR ? highest : range.from;
            long to = range.to == STAR ? highest : range.to;
            long first = Math.min(from, to);
            if (first <= highest && highest > 0) {
                uids.addRange(first, Math.min(Math.max(from, to), highest));
            }
        }
        return uids.build();
    }

    /**
     * The messages with these sequence numbers, as ranges of UIDs which may have holes: between the UIDs of two messages
     * lie just those of the messages between them.
     *
     * <p>A number that no message has is BAD (RFC 3501 §9, seq-number), but people at a terminal and scripts write 1:100
     * for "the first hundred" and 1:* for an empty mailbox: a range that begins at a message, or names "*", is cut.
     */
    UidSet bySequence(UidMap map) {
        long size = map.size();
        UidSet.Builder uids = new UidSet.Builder();
        for (Range range : ranges) {
            long from = range.from == STAR ? size : range.from;
            long to = range.to == STAR ? size : range.to;
            boolean star = range.from == STAR || range.to == STAR;
            long first = star ? Math.min(Math.min(from, to), size) : Math.min(from, to);
            if (first > size) {
                throw new BadSyntax("There is no message " + first + ", only " + size);
            }
            if (size > 0) {
                uids.addRange(map.uid(first), map.uid(Math.min(Math.max(from, to), size)));
            }
        }
        return uids.build();
    }
}
