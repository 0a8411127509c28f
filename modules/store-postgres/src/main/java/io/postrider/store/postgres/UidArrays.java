package io.postrider.store.postgres;

import io.postrider.store.UidList;
import io.postrider.store.UidSet;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** UID sets as PostgreSQL takes them, bounds or a multirange, and as it gives them, lists or words of bits. */
final class UidArrays {
    private static final int WORD_SHIFT = 6;

    private UidArrays() {}

    static Long[] firsts(UidSet uids) {
        Long[] firsts = new Long[uids.rangeCount()];
        Arrays.setAll(firsts, uids::first);
        return firsts;
    }

    static Long[] lasts(UidSet uids) {
        Long[] lasts = new Long[uids.rangeCount()];
        Arrays.setAll(lasts, uids::last);
        return lasts;
    }

    /** The text form of an int8multirange. */
    static String multirange(UidSet uids) {
        StringBuilder ranges = new StringBuilder("{");
        for (int i = 0; i < uids.rangeCount(); i++) {
            ranges.append(i == 0 ? "[" : ",[")
                    .append(uids.first(i))
                    .append(',')
                    .append(uids.last(i))
                    .append(']');
        }
        return ranges.append('}').toString();
    }

    /** @param uids null for none, as array_agg gives it */
    static UidSet ofList(Long[] uids) {
        UidSet.Builder set = new UidSet.Builder();
        if (uids != null) {
            for (Long uid : uids) {
                set.add(uid);
            }
        }
        return set.build();
    }

    /** A list of four octets each; null for none. */
    static UidList ofOctets(Buffer octets) {
        return octets == null
                ? UidList.EMPTY
                : UidList.of(octets.length() / 4, i -> octets.getUnsignedInt(4 * (int) i));
    }

    /**
     * A set packed as {@link MessageQueries#OPEN} has it: a million UIDs are 16,000 words.
     *
     * @param words the UIDs' upper bits, ascending
     * @param bits which of the 64 UIDs there are in each
     */
    static UidSet ofWords(Long[] words, Long[] bits) {
        UidSet.Builder set = new UidSet.Builder();
        if (words != null) {
            for (int i = 0; i < words.length; i++) {
                addWord(set, words[i] << WORD_SHIFT, bits[i]);
            }
        }
        return set.build();
    }

    /** As few octets as ranges need: two small numbers for each. */
    static Buffer packed(UidSet uids) {
        Buffer octets = Buffer.buffer(4 * uids.rangeCount() + 8);
        long end = 0;
        for (int i = 0; i < uids.rangeCount(); i++) {
            appendNumber(octets, uids.first(i) - end);
            appendNumber(octets, uids.last(i) - uids.first(i));
            end = uids.last(i);
        }
        return octets;
    }

    /** The inverse of {@link #packed}. */
    static UidSet unpacked(Buffer octets) {
        byte[] bytes = octets.getBytes();
        UidSet.Builder uids = new UidSet.Builder();
        long end = 0;
        int[] at = {0};
        while (at[0] < bytes.length) {
            long first = end + number(bytes, at);
            end = first + number(bytes, at);
            uids.addRange(first, end);
        }
        return uids.build();
    }

    /** Seven bits to an octet, the highest bit set where more follow. */
    private static void appendNumber(Buffer octets, long number) {
        long rest = number;
        while (rest > 0x7F) {
            octets.appendByte((byte) (rest | 0x80));
            rest >>>= 7;
        }
        octets.appendByte((byte) rest);
    }

    private static long number(byte[] octets, int[] at) {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte octet = octets[at[0]++];
            number |= (octet & 0x7FL) << shift;
            if (octet >= 0) {
                return number;
            }
        }
    }

    private static void addWord(UidSet.Builder set, long base, long bits) {
        long rest = bits;
        while (rest != 0) {
            int first = Long.numberOfTrailingZeros(rest);
            int run = Long.numberOfTrailingZeros(~(rest >>> first));
            set.addRange(base + first, base + first + run - 1);
            rest = first + run >= Long.SIZE ? 0 : rest & (-1L << (first + run));
        }
    }
}
