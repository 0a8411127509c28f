package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
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
        return recent(session, mailboxes, items)
                .compose(recent -> EachInOrder.of(mailboxes, mailbox -> {
                    write(session, mailbox, items, recent);
                    return session.connection().drained();
                }));
    }

    /** Tells of one. */
    static Future<Void> write(ImapSession session, Mailbox mailbox, Set<StatusItem> items) {
        return recent(session, List.of(mailbox), items).map(recent -> {
            write(session, mailbox, items, recent);
            return null;
        });
    }

    private static void write(ImapSession session, Mailbox mailbox, Set<StatusItem> items, Map<Long, Long> recent) {
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
                long count = recent.getOrDefault(mailbox.key().mailboxId(), 0L);
                response.number(item.value(mailbox, count));
            }
            between = " ";
        }
        session.write(response.raw(")").crlf());
    }

    /** Messages that no session has been told of, by mailbox: the rows know where there may be any to be counted. */
    private static Future<Map<Long, Long>> recent(ImapSession session, List<Mailbox> mailboxes, Set<StatusItem> items) {
        List<Long> toCount = mailboxes.stream()
                .filter(mailbox -> items.contains(RECENT) && mailbox.recentFrom() < mailbox.uidNext())
                .filter(mailbox -> mailbox.messages() > 0)
                .map(mailbox -> mailbox.key().mailboxId())
                .toList();
        return toCount.isEmpty()
                ? Future.succeededFuture(Map.of())
                : session.store().mailboxes().recent(session.account().accountId(), toCount);
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
