package io.postrider.imap;

import io.postrider.store.Messages;
import io.postrider.store.UidSet;
import io.vertx.core.Future;

/** VANISHED: messages that have gone, by UID. RFC 7162 §3.2.10 */
final class Vanished {
    /** Ranges of one response; a client's line has an end. */
    static final int RANGES_AT_ONCE = 1000;

    private Vanished() {}

    /**
     * What has gone of these UIDs. Where the store has forgotten when messages went, all that are not there: the client may
     * have heard of some, which does no harm. RFC 7162 §3.2.6
     */
    static UidSet of(SelectedMailbox mailbox, Messages.Since since, UidSet among) {
        UidSet candidates = since.complete() ? since.expunged() : mailbox.uidsGivenOut();
        // What the client still believes to be here is told without EARLIER, when it may be.
        return mailbox.uids().missing(candidates.intersect(among));
    }

    /** Of messages that the client has not seen in this session: sequence numbers stay as they are. RFC 7162 §3.2.10.1 */
    static Future<Void> tellEarlier(ImapSession session, UidSet gone) {
        return tell(session, "* VANISHED (EARLIER) ", gone);
    }

    /** Of messages in the selected mailbox, instead of EXPUNGE. RFC 7162 §3.2.10.2 */
    static Future<Void> tell(ImapSession session, UidSet gone) {
        return tell(session, "* VANISHED ", gone);
    }

    private static Future<Void> tell(ImapSession session, String head, UidSet gone) {
        int[] next = {0};
        return EachInOrder.whileTrue(() -> {
            if (next[0] == gone.rangeCount()) {
                return Future.succeededFuture(false);
            }
            ResponseWriter out = session.response().raw(head);
            String between = "";
            int end = Math.min(gone.rangeCount(), next[0] + RANGES_AT_ONCE);
            for (int i = next[0]; i < end; i++) {
                out.raw(between).number(gone.first(i));
                if (gone.last(i) > gone.first(i)) {
                    out.raw(":").number(gone.last(i));
                }
                between = ",";
            }
            next[0] = end;
            session.write(out.crlf());
            return session.connection().drained().map(true);
        });
    }
}
