package io.postrider.imap;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages of all THREADs that a process works on: they share its heap, so that many clients who thread large mailboxes at once
 * would fill it, each within its own bound.
 */
final class ThreadingAtWork {
    /** Together; one alone may have more, up to {@link ThreadBuilder#MAX_NODES}. */
    static final long MAX_MESSAGES = 2_000_000;

    private final AtomicLong messages = new AtomicLong();

    /** Fails with LIMIT while others are at so many that these would be too many. */
    void begin(long more) {
        long together = messages.addAndGet(more);
        if (together > MAX_MESSAGES && together > more) {
            messages.addAndGet(-more);
            throw new No("LIMIT", "Too many messages are being threaded just now, try again later");
        }
    }

    void end(long done) {
        messages.addAndGet(-done);
    }
}
