package io.postrider.imap;

import io.postrider.store.UidList;
import io.postrider.store.UidSet;
import org.roaringbitmap.RoaringBitmap;

/**
 * The UIDs of a mailbox in order, so that the n-th is the message with sequence number n. It holds what the client has been
 * told, not what the store has: a message stays until its EXPUNGE has been sent. RFC 3501 §7.4.1
 *
 * <p>A contiguous mailbox costs some hundred octets however large it is, one with holes about an eighth of an octet per UID.
 */
final class UidMap {
    /** After so many UIDs taken away one by one, see again which representation is smaller. */
    private static final int REMOVALS_BEFORE_REVIEW = 1024;
    /** Runs are slow to count through, so they must shrink a map this much. */
    private static final int WORTHWHILE_SHRINKING = 4;

    private final RoaringBitmap uids = new RoaringBitmap();
    private long removals;

    UidMap(UidSet set) {
        add(set);
        chooseRepresentation();
    }

    /** How many messages there are: the highest sequence number. */
    long size() {
        return uids.getLongCardinality();
    }

    /** The UID of a message by its sequence number, from 1 to {@link #size}. */
    long uid(long sequence) {
        return Integer.toUnsignedLong(uids.select((int) (sequence - 1)));
    }

    /** A message's sequence number; 0 when there is none with this UID. */
    long sequence(long uid) {
        return contains(uid) ? uids.rankLong((int) uid) : 0;
    }

    boolean contains(long uid) {
        return uids.contains((int) uid);
    }

    /** The highest UID; 0 when there is no message. */
    long highest() {
        return uids.isEmpty() ? 0 : Integer.toUnsignedLong(uids.last());
    }

    /** How many of these UIDs there are here. */
    long count(UidSet set) {
        long count = 0;
        for (int i = 0; i < set.rangeCount(); i++) {
            count += uids.rankLong((int) set.last(i)) - rankBelow(set.first(i));
        }
        return count;
    }

    /** Those of these UIDs that are here. */
    UidSet known(UidSet set) {
        UidSet.Builder known = new UidSet.Builder();
        for (int i = 0; i < set.rangeCount(); i++) {
            RoaringBitmap range = RoaringBitmap.bitmapOfRange(set.first(i), set.last(i) + 1);
            range.and(uids);
            range.forEach((int uid) -> {
                known.add(Integer.toUnsignedLong(uid));
            });
        }
        return known.build();
    }

    /** All of them. */
    UidSet all() {
        UidSet.Builder all = new UidSet.Builder();
        uids.forEach((int uid) -> {
            all.add(Integer.toUnsignedLong(uid));
        });
        return all.build();
    }

    /** Those of these UIDs that are not here. */
    UidSet missing(UidSet set) {
        UidSet.Builder missing = new UidSet.Builder();
        for (int i = 0; i < set.rangeCount(); i++) {
            long last = set.last(i);
            long next = uids.nextAbsentValue((int) set.first(i));
            while (next >= 0 && next <= last) {
                long end = uids.nextValue((int) next);
                long gapEnd = end < 0 || end > last ? last : end - 1;
                missing.addRange(next, gapEnd);
                next = gapEnd == last ? -1 : uids.nextAbsentValue((int) (gapEnd + 1));
            }
        }
        return missing.build();
    }

    /** The sequence numbers of these UIDs; those that are not here are passed over. */
    UidSet sequences(UidSet set) {
        UidSet.Builder sequences = new UidSet.Builder();
        for (int i = 0; i < set.rangeCount(); i++) {
            long below = rankBelow(set.first(i));
            long last = uids.rankLong((int) set.last(i));
            if (last > below) {
                sequences.addRange(below + 1, last);
            }
        }
        return sequences.build();
    }

    /** The sequence numbers of these UIDs, in their order; all must be here. */
    UidList sequences(UidList list) {
        return UidList.of(list.size(), i -> sequence(list.at((int) i)));
    }

    /**
     * The set cut behind its {@code count}-th message that is here, as ranges which may have holes.
     *
     * @return null when it holds no more than that
     */
    UidSet firstOf(UidSet set, long count) {
        UidSet.Builder first = new UidSet.Builder();
        long left = count;
        for (int i = 0; i < set.rangeCount(); i++) {
            long below = rankBelow(set.first(i));
            long here = uids.rankLong((int) set.last(i)) - below;
            if (here > left) {
                if (left > 0) {
                    first.addRange(set.first(i), uid(below + left));
                }
                return first.build();
            }
            first.addRange(set.first(i), set.last(i));
            left -= here;
        }
        return null;
    }

    /**
     * The last {@code count} messages of the set that are here, from the first of them on as ranges which may have holes.
     *
     * @return null when it holds no more than that
     */
    UidSet lastOf(UidSet set, long count) {
        long over = size() <= count ? 0 : count(set) - count;
        if (over <= 0) {
            return null;
        }
        for (int i = 0; i < set.rangeCount(); i++) {
            long below = rankBelow(set.first(i));
            long here = uids.rankLong((int) set.last(i)) - below;
            if (here > over) {
                return set.above(uid(below + over + 1) - 1);
            }
            over -= here;
        }
        throw new IllegalArgumentException("none of " + set);
    }

    void add(UidSet set) {
        for (int i = 0; i < set.rangeCount(); i++) {
            uids.add(set.first(i), set.last(i) + 1);
        }
    }

    void remove(UidSet set) {
        for (int i = 0; i < set.rangeCount(); i++) {
            uids.remove(set.first(i), set.last(i) + 1);
        }
        removals += set.rangeCount();
        if (removals >= REMOVALS_BEFORE_REVIEW) {
            removals = 0;
            chooseRepresentation();
        }
    }

    /** Octets it takes, about. */
    long octets() {
        return uids.getLongSizeInBytes();
    }

    private long rankBelow(long uid) {
        return uid == 0 ? 0 : uids.rankLong((int) (uid - 1));
    }

    private void chooseRepresentation() {
        uids.removeRunCompression();
        long plain = octets();
        uids.runOptimize();
        if (octets() * WORTHWHILE_SHRINKING > plain) {
            uids.removeRunCompression();
        }
        uids.trim();
    }
}
