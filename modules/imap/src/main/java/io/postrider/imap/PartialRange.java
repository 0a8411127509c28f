package io.postrider.imap;

/**
 * Which of the results are wanted, counted from 1 at the first, or from the last back. RFC 9394 §3.1, RFC 5267 §4.4
 *
 * @param from the lower count
 * @param to the higher count
 * @param asWritten what the response repeats
 */
record PartialRange(long from, long to, boolean fromLast, String asWritten) {
    /** partial-range */
    static PartialRange read(CommandReader reader) {
        boolean fromLast = reader.take('-');
        long one = positive(reader);
        reader.expect(':');
        if (fromLast) {
            reader.expect('-');
        }
        long other = positive(reader);
        String sign = fromLast ? "-" : "";
        return new PartialRange(Math.min(one, other), Math.max(one, other), fromLast, sign + one + ":" + sign + other);
    }

    /** Index of the first result wanted among so many, from 0; not below {@link #end} when there is none. */
    long start(long size) {
        return fromLast ? Math.max(0, size - to) : from - 1;
    }

    /** Index behind the last result wanted among so many. */
    long end(long size) {
        return fromLast ? Math.max(0, size - from + 1) : Math.min(size, to);
    }

    private static long positive(CommandReader reader) {
        long number = reader.number();
        if (number == 0) {
            throw reader.bad("number above 0 before");
        }
        return number;
    }
}
