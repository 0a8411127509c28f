package io.postrider.pop3;

import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

/**
 * Sends one message, slice by slice: the next is read from the store while the client takes the one before, so that memory
 * does not grow with the message. The first is there before +OK is said; when a later one fails, the connection is cut,
 * since nothing but the end can be said in the middle of a message.
 */
final class MessageWriter {
    private final Pop3Connection session;
    private final long contentId;
    private final long size;
    private final MessageLines lines;
    private final Promise<Void> done = Promise.promise();
    private long offset;

    MessageWriter(Pop3Connection session, int number, MessageLines lines) {
        this.session = session;
        this.contentId = session.maildrop().contentId(number);
        this.size = session.maildrop().octets(number);
        this.lines = lines;
    }

    /** @param firstOctets how much to ask for first: all, or about what TOP will need */
    Future<Void> write(long firstOctets) {
        return slice(firstOctets).recover(MessageWriter::gone).compose(first -> {
            session.ok(size + " octets");
            writeFrom(first);
            return done.future();
        });
    }

    private void writeFrom(Buffer slice) {
        session.write(lines.next(slice.getBytes()));
        if (lines.finished() || offset >= size) {
            session.write(lines.end());
            session.drained().onComplete(done);
            return;
        }
        Future<Buffer> next = slice(size);
        session.drained().compose(taken -> next).onSuccess(this::writeFrom).onFailure(cause -> {
            session.abort();
            done.fail(cause);
        });
    }

    private Future<Buffer> slice(long octets) {
        return session.store()
                .contents()
                .read(session.account().accountId(), contentId, offset, Math.min(octets, size - offset))
                .map(slice -> {
                    if (slice.length() == 0 && offset < size) {
                        throw new IllegalStateException("content " + contentId + " ends at " + offset + " of " + size);
                    }
                    offset += slice.length();
                    return slice;
                });
    }

    /** The snapshot still names it, but it was expunged long enough ago for its octets to have been swept. */
    private static Future<Buffer> gone(Throwable cause) {
        boolean expunged = cause instanceof Refusal refusal && refusal.kind() == Refusal.Kind.EXPUNGED;
        return Future.failedFuture(expunged ? Refused.no("Message has been expunged meanwhile") : cause);
    }
}
