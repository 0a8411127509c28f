package io.postrider.message;

/**
 * Reads a message as its octets arrive, in one pass, and never throws on what they hold.
 *
 * <p>Not safe for several threads. Keeps no body octets beyond a line and what it decodes for search.
 */
public final class MessageParser {
    public MessageParser(ParserLimits limits) {}

    /** Takes the next octets; they may be cut anywhere. */
    public void feed(byte[] octets, int offset, int length) {
        throw new UnsupportedOperationException("written by the message module");
    }

    /** True once the message's own header is complete, so that what follows is body. */
    public boolean headerComplete() {
        throw new UnsupportedOperationException("written by the message module");
    }

    /**
     * Octets of the message's own header, closing empty line included, known once {@link #headerComplete}: where the store
     * cuts what it has been given into header and body. The same as the header's length in {@link #finish}.
     */
    public int headerLength() {
        throw new UnsupportedOperationException("written by the message module");
    }

    /** Says that the message ends here. Call once. */
    public ParsedMessage finish() {
        throw new UnsupportedOperationException("written by the message module");
    }
}
