package io.postrider.imap;

import io.postrider.store.ThreadRow;

/** Puts messages into threads; they come in the order of the mailbox. Not for two threads at once. */
interface ThreadBuilder {
    /** Messages, and message ids that they refer to, of one THREAD: some 80 octets each. LIMIT beyond. */
    int MAX_NODES = 2_000_000;

    void add(ThreadRow message);

    ThreadForest build();

    static No tooLarge() {
        return new No("LIMIT", "There are too many messages to thread");
    }
}
