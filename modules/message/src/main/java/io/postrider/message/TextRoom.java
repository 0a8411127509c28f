package io.postrider.message;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Room for the text that messages gather for search while they arrive, all messages of a node together: each may have a
 * million characters, and a hundred slow senders at a time would fill the heap with them. A message that gets no more room is
 * taken like any other, and found by what it has gathered so far.
 */
public final class TextRoom {
    /** As much as anybody wants: for who parses one message at a time. */
    public static final TextRoom UNBOUNDED = new TextRoom(Long.MAX_VALUE);

    /** Characters that a message may always have. Most mail has less. */
    static final int FREE_CHARACTERS = 32 << 10;

    /** The part of the heap that the text of arriving messages may take, one in so many. */
    private static final int SHARE_OF_HEAP = 8;

    /** Octets of a character, and as many again that wait to be used or are being copied from. */
    private static final int OCTETS_OF_CHARACTER = 2 * Character.BYTES;

    private final AtomicLong left;

    public TextRoom(long characters) {
        left = new AtomicLong(characters);
    }

    /** Fit for this process's heap. */
    public static TextRoom ofHeap() {
        return new TextRoom(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / OCTETS_OF_CHARACTER);
    }

    /** Characters that may still be taken. */
    public long left() {
        return left.get();
    }

    /** All of it or nothing. */
    boolean take(int characters) {
        long before = left.getAndUpdate(now -> now < characters ? now : now - characters);
        return before >= characters;
    }

    void giveBack(int characters) {
        left.addAndGet(characters);
    }
}
