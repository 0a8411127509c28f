package io.postrider.store;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An immutable set of UIDs, kept as ascending ranges that neither touch nor overlap, so that 1:1000000 costs two numbers.
 * Its text form is the sequence set of RFC 3501 §9.
 */
public final class UidSet {
    /** The largest UID there can be. RFC 3501 §2.3.1.1 */
    public static final long MAX_UID = 0xFFFF_FFFFL;

    public static final UidSet EMPTY = new UidSet(new long[0]);
    public static final UidSet ALL = range(1, MAX_UID);

    /** first and last of each range in turn */
    private final long[] bounds;

    private UidSet(long[] bounds) {
        this.bounds = bounds;
    }

    public static UidSet of(long... uids) {
        Builder builder = new Builder();
        for (long uid : uids) {
            builder.add(uid);
        }
        return builder.build();
    }

    /** All from first to last, both included. */
    public static UidSet range(long first, long last) {
        return new Builder().addRange(first, last).build();
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** How many UIDs it holds. */
    public long size() {
        long size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i] + 1;
        }
        return size;
    }

    public int rangeCount() {
        return bounds.length / 2;
    }

    /** The first UID of range {@code index}, from 0. */
    public long first(int index) {
        return bounds[2 * index];
    }

    /** The last UID of range {@code index}, from 0. */
    public long last(int index) {
        return bounds[2 * index + 1];
    }

    /** The lowest UID; the set must not be empty. */
    public long min() {
        return bounds[0];
    }

    /** The highest UID; the set must not be empty. */
    public long max() {
        return bounds[bounds.length - 1];
    }

    /** The UID at a place among all in ascending order, from 0 up to before {@link #size}. */
    public long at(long index) {
        long left = index;
        for (int i = 0; i < bounds.length; i += 2) {
            long length = bounds[i + 1] - bounds[i] + 1;
            if (left < length) {
                return bounds[i] + left;
            }
            left -= length;
        }
        throw new IndexOutOfBoundsException("no UID " + index + " among " + size());
    }

    public boolean contains(long uid) {
        int low = 0;
        int high = rangeCount() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (uid < first(middle)) {
                high = middle - 1;
            } else if (uid > last(middle)) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    public UidSet union(UidSet other) {
        Builder builder = new Builder();
        addTo(builder);
        other.addTo(builder);
        return builder.build();
    }

    public UidSet intersect(UidSet other) {
        Builder builder = new Builder();
        int mine = 0;
        int its = 0;
        while (mine < rangeCount() && its < other.rangeCount()) {
            long first = Math.max(first(mine), other.first(its));
            long last = Math.min(last(mine), other.last(its));
            if (first <= last) {
                builder.addRange(first, last);
            }
            if (last(mine) < other.last(its)) {
                mine++;
            } else {
                its++;
            }
        }
        return builder.build();
    }

    public UidSet minus(UidSet other) {
        Builder builder = new Builder();
        int its = 0;
        for (int mine = 0; mine < rangeCount(); mine++) {
            long first = first(mine);
            while (its < other.rangeCount() && other.last(its) < first) {
                its++;
            }
            for (int i = its; i < other.rangeCount() && other.first(i) <= last(mine); i++) {
                if (other.first(i) > first) {
                    builder.addRange(first, other.first(i) - 1);
                }
                first = Math.max(first, other.last(i) + 1);
            }
            if (first <= last(mine)) {
                builder.addRange(first, last(mine));
            }
        }
        return builder.build();
    }

    /** Those above {@code uid}. */
    public UidSet above(long uid) {
        return uid >= MAX_UID ? EMPTY : intersect(range(uid + 1, MAX_UID));
    }

    /** Its first ranges, at most {@code count}. */
    public UidSet firstRanges(int count) {
        return count >= rangeCount() ? this : new UidSet(Arrays.copyOf(bounds, 2 * count));
    }

    public LongStream stream() {
        return IntStream.range(0, rangeCount())
                .mapToObj(i -> LongStream.rangeClosed(first(i), last(i)))
                .flatMapToLong(range -> range);
    }

    public void forEach(LongConsumer action) {
        for (int i = 0; i < rangeCount(); i++) {
            for (long uid = first(i); uid <= last(i); uid++) {
                action.accept(uid);
            }
        }
    }

    /** One UID at a time, however many there are. */
    public PrimitiveIterator.OfLong iterator() {
        return new PrimitiveIterator.OfLong() {
            private int range;
            private long next = isEmpty() ? 0 : min();

            @Override
            public boolean hasNext() {
                return range < rangeCount();
            }

            @Override
            public long nextLong() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                long uid = next;
                if (uid < last(range)) {
                    next = uid + 1;
                } else if (++range < rangeCount()) {
                    next = first(range);
                }
                return uid;
            }
        };
    }

    /** The sequence set, "" when empty. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rangeCount(); i++) {
            if (i > 0) {
                text.append(',');
            }
            text.append(first(i));
            if (last(i) > first(i)) {
                text.append(':').append(last(i));
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UidSet set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    private void addTo(Builder builder) {
        for (int i = 0; i < rangeCount(); i++) {
            builder.addRange(first(i), last(i));
        }
    }

    /** Gathers UIDs and ranges in any order; ascending is cheapest. */
    public static final class Builder {
        private long[] bounds = new long[8];
        private int used;
        private boolean ascending = true;

        public Builder add(long uid) {
            return addRange(uid, uid);
        }

        /** @throws IllegalArgumentException when first is below 1, last above {@link #MAX_UID}, or first above last */
        public Builder addRange(long first, long last) {
            if (first < 1 || last > MAX_UID || first > last) {
                throw new IllegalArgumentException("UIDs " + first + ":" + last);
            }
            if (used > 0 && first >= bounds[used - 2] && first <= bounds[used - 1] + 1) {
                bounds[used - 1] = Math.max(bounds[used - 1], last);
                return this;
            }
            if (used > 0 && first < bounds[used - 2]) {
                ascending = false;
            }
            if (used == bounds.length) {
                bounds = Arrays.copyOf(bounds, used * 2);
            }
            bounds[used++] = first;
            bounds[used++] = last;
            return this;
        }

        public UidSet build() {
            if (used == 0) {
                return EMPTY == null ? new UidSet(new long[0]) : EMPTY;
            }
            return new UidSet(ascending ? Arrays.copyOf(bounds, used) : merged());
        }

        private long[] merged() {
            long[][] ranges = new long[used / 2][];
            for (int i = 0; i < ranges.length; i++) {
                ranges[i] = new long[] {bounds[2 * i], bounds[2 * i + 1]};
            }
            Arrays.sort(ranges, (a, b) -> Long.compare(a[0], b[0]));
            Builder sorted = new Builder();
            for (long[] range : ranges) {
                sorted.addRange(range[0], range[1]);
            }
            return Arrays.copyOf(sorted.bounds, sorted.used);
        }
    }
}
