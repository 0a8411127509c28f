package io.postrider.imap;

/**
 * A literal's head: how many octets follow the line, and whether the client waits for leave to send them. RFC 3501 §4.3,
 * RFC 7888
 *
 * @param headStart where "{", or literal8's "~{", begins in the frame
 * @param size octets; {@link Long#MAX_VALUE} for any number too large to count
 * @param synchronising whether the client waits for a continuation request
 * @param binary whether it is a literal8. RFC 3516 §4.4
 */
record Literal(int headStart, long size, boolean synchronising, boolean binary) {
    /** The largest that the grammar can name. */
    static final long MAX_SIZE = 0xFFFF_FFFFL;

    /** The largest that comes unasked where LITERAL- is advertised. RFC 7888 §5 */
    static final long MAX_OF_LITERAL_MINUS = 4096;

    /** Digits of a number that a long holds. */
    private static final int COUNTABLE_DIGITS = 18;

    /** The head that ends at {@code end}; null when the octets do not end in one. */
    static Literal endOf(byte[] octets, int end) {
        int at = end - 1;
        if (at < 2 || octets[at] != '}') {
            return null;
        }
        at--;
        boolean synchronising = octets[at] != '+';
        if (!synchronising) {
            at--;
        }
        int digitsEnd = at + 1;
        while (at >= 0 && octets[at] >= '0' && octets[at] <= '9') {
            at--;
        }
        if (at < 0 || octets[at] != '{' || at + 1 == digitsEnd) {
            return null;
        }
        boolean binary = at > 0 && octets[at - 1] == '~';
        return new Literal(binary ? at - 1 : at, size(octets, at + 1, digitsEnd), synchronising, binary);
    }

    private static long size(byte[] octets, int from, int end) {
        while (from < end - 1 && octets[from] == '0') {
            from++;
        }
        if (end - from > COUNTABLE_DIGITS) {
            return Long.MAX_VALUE;
        }
        long size = 0;
        for (int i = from; i < end; i++) {
            size = size * 10 + octets[i] - '0';
        }
        return size;
    }
}
