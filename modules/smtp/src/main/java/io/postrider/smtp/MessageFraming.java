package io.postrider.smtp;

/** Where a message ends among the octets of a connection, and which of them belong to it. Pure; fed in any cuts. */
interface MessageFraming {
    /**
     * Reads on in {@code octets} from the start, as far as the message (or its chunk) goes, and moves those that belong to it
     * to the front: from 0 up to {@link #contentEnd()}. What follows begins at {@link #next()}.
     */
    void read(byte[] octets);

    int contentEnd();

    int next();

    /** Whether the end has been read; nothing may be read behind it. */
    boolean ended();

    /** Whether a CR without LF or an LF without CR was seen where none may be. */
    boolean hasBareLineEnd();
}
