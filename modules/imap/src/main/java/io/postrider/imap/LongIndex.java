package io.postrider.imap;

import java.util.Arrays;

/** A map from 64-bit fingerprints to non-negative numbers, of twelve octets and some room for each. */
final class LongIndex {
    static final int ABSENT = -1;

    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private long[] keys = new long[64];
    private int[] values = filled(64);
    private int size;

    /** {@link #ABSENT} when there is none. */
    int get(long key) {
        return values[place(key)];
    }

    /** Gives the value that was there, or {@code value} which now is. */
    int putIfAbsent(long key, int value) {
        int place = place(key);
        if (values[place] != ABSENT) {
            return values[place];
        }
        put(key, value);
        return value;
    }

    void put(long key, int value) {
        int place = place(key);
        boolean isNew = values[place] == ABSENT;
        keys[place] = key;
        values[place] = value;
        if (isNew && ++size * 2 > keys.length) {
            grow();
        }
    }

    private int place(long key) {
        int mask = keys.length - 1;
        int place = (int) (key * SPREAD >>> 32) & mask;
        while (values[place] != ABSENT && keys[place] != key) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = filled(oldValues.length * 2);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != ABSENT) {
                int place = place(oldKeys[i]);
                keys[place] = oldKeys[i];
                values[place] = oldValues[i];
            }
        }
    }

    private static int[] filled(int length) {
        int[] values = new int[length];
        Arrays.fill(values, ABSENT);
        return values;
    }
}
