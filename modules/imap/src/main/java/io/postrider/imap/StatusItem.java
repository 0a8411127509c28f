package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.postrider.store.SearchKey;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What STATUS tells of a mailbox. RFC 3501 §6.3.10; RFC 7162 §3.1.7; RFC 8438; RFC 8474 §4.3; RFC 9051 §6.3.11 */
enum StatusItem {
    MESSAGES,
    RECENT,
    UIDNEXT,
    UIDVALIDITY,
    UNSEEN,
    HIGHESTMODSEQ,
    SIZE,
    DELETED,
    MAILBOXID;

    /** Items in parentheses, at least one. */
    static Set<StatusItem> readList(CommandReader reader) {
        Set<StatusItem> items = EnumSet.noneOf(StatusItem.class);
        reader.expect('(');
        do {
            String word = reader.word();
            try {
                items.add(valueOf(word));
            } catch (IllegalArgumentException e) {
                throw new BadSyntax("Unknown STATUS item");
            }
        } while (reader.take(' '));
        reader.expect(')');
        return items;
    }

    /** Tells of mailboxes, one after another, as fast as the client takes it. */
    static Future<Void> writeAll(ImapSession session, List<Mailbox> mailboxes, Set<StatusItem> items) {
        return EachInOrder.of(mailboxes, mailbox -> write(session, mailbox, items)
                .compose(written -> session.connection().drained()));
    }

    /** Tells of one. */
    static Future<Void> write(ImapSession session, Mailbox mailbox, Set<StatusItem> items) {
        Future<Long> recent = items.contains(RECENT) ? recent(session, mailbox) : Future.succeededFuture(0L);
        return recent.map(count -> {
            ResponseWriter response =
                    session.response().raw("* STATUS ").mailbox(mailbox.name()).raw(" (");
            String between = "";
            for (StatusItem item : items) {
                response.raw(between).raw(item.name()).raw(" ");
                if (item == MAILBOXID) {
                    response.raw("(")
                            .raw(ObjectId.MAILBOX.of(mailbox.key().mailboxId()))
                            .raw(")");
                } else {
                    response.number(item.value(mailbox, count));
                }
                between = " ";
            }
            session.write(response.raw(")").crlf());
            return null;
        });
    }

    /** How many messages no session has been told of: the row knows from which UID on, and rarely has the store to count. */
    private static Future<Long> recent(ImapSession session, Mailbox mailbox) {
        long newUids = mailbox.uidNext() - mailbox.recentFrom();
        if (newUids <= 0 || mailbox.messages() == 0) {
            return Future.succeededFuture(0L);
        }
        if (mailbox.messages() == mailbox.uidNext() - 1) {
            // Nothing was ever expunged.
            return Future.succeededFuture(newUids);
        }
        SearchKey key = new SearchKey.Uids(UidSet.range(mailbox.recentFrom(), UidSet.MAX_UID));
        return session.store().messages().search(mailbox.key(), key).map(found -> found.uids()
                .size());
    }

    private long value(Mailbox mailbox, long recent) {
        return switch (this) {
            case MESSAGES -> mailbox.messages();
            case RECENT -> recent;
            case UIDNEXT -> mailbox.uidNext();
            case UIDVALIDITY -> mailbox.uidValidity();
            case UNSEEN -> mailbox.unseen();
            case HIGHESTMODSEQ -> mailbox.highestModSeq();
            case SIZE -> mailbox.octets();
            case DELETED -> mailbox.deleted();
            case MAILBOXID -> throw new IllegalStateException("no number");
        };
    }
}
