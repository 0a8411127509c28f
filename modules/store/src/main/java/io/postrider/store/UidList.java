package io.postrider.store;

import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/** UIDs in an order that is not theirs, as SORT gives them; four octets each. */
public final class UidList {
    public static final UidList EMPTY = new UidList(new int[0]);

    private final int[] uids;

    private UidList(int[] uids) {
        this.uids = uids;
    }

    /** So many UIDs, each by its place from 0. */
    public static UidList of(int count, LongUnaryOperator uidAt) {
        int[] uids = new int[count];
        for (int i = 0; i < count; i++) {
            uids[i] = (int) uidAt.applyAsLong(i);
        }
        return new UidList(uids);
    }

    public int size() {
        return uids.length;
    }

    /** The UID at a place, from 0. */
    public long at(int index) {
        return Integer.toUnsignedLong(uids[index]);
    }

    /** Those from one place up to before another. */
    public UidList slice(int start, int end) {
        return start >= end ? EMPTY : new UidList(Arrays.copyOfRange(uids, start, end));
    }

    /** Those up to {@code highest}, in the same order. */
    public UidList upTo(long highest) {
        return kept(uid -> uid <= highest);
    }

    /** All but these, in the same order. */
    public UidList without(UidSet gone) {
        return kept(uid -> !gone.contains(uid));
    }

    /** Those among these, in the same order. */
    public UidList only(UidSet among) {
        return kept(among::contains);
    }

    private UidList kept(LongPredicate wanted) {
        int[] kept = Arrays.stream(uids)
                .filter(uid -> wanted.test(Integer.toUnsignedLong(uid)))
                .toArray();
        return kept.length == uids.length ? this : new UidList(kept);
    }

    /** Without their order. */
    public UidSet toSet() {
        long[] ascending =
                Arrays.stream(uids).mapToLong(Integer::toUnsignedLong).sorted().toArray();
        return UidSet.of(ascending);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UidList list && Arrays.equals(uids, list.uids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(uids);
    }

    @Override
    public String toString() {
        return Arrays.toString(
                Arrays.stream(uids).mapToLong(Integer::toUnsignedLong).toArray());
    }
}
