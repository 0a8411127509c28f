package io.postrider.message;

/**
 * A run of octets within a message, counted from the first octet of its header.
 *
 * @param offset the first octet, from 0
 * @param length how many octets; may be 0
 */
public record OctetRange(long offset, long length) {
    public static final OctetRange EMPTY = new OctetRange(0, 0);

    public OctetRange {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("offset " + offset + ", length " + length);
        }
    }

    public long end() {
        return offset + length;
    }

    /**
     * The part of this range that a client's {@code <first.count>} names; empty when {@code first} lies at or past the
     * end, which is never an error. RFC 3501 §6.4.5
     */
    public OctetRange partial(long first, long count) {
        if (first >= length) {
            return new OctetRange(end(), 0);
        }
        return new OctetRange(offset + first, Math.min(count, length - first));
    }
}
