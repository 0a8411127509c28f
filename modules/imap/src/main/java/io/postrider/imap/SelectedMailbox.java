package io.postrider.imap;

import io.vertx.core.Future;

/** The mailbox a session has selected, as its client has been told: UIDs by sequence number, cursor, news held back. */
public final class SelectedMailbox {
    /** Tells the client what is new, before a tagged response. RFC 3501 §7.4.1 */
    Future<Void> flushUpdates(ImapSession session, boolean mayExpunge) {
        return Future.succeededFuture();
    }

    void close() {}
}
