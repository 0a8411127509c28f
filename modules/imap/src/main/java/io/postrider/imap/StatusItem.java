package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What STATUS tells of a mailbox. RFC 3501 §6.3.10; RFC 7162 §3.1.7; RFC 8438; RFC 7889 §3; RFC 8474 §4.3; RFC 9051 §6.3.11; RFC 9208
 * §4.1.4
 */
enum StatusItem {
    MESSAGES,
    RECENT,
    UIDNEXT,
    UIDVALIDITY,
    UNSEEN,
    HIGHESTMODSEQ,
    SIZE,
    DELETED,
    DELETED_STORAGE,
    APPENDLIMIT,
    MAILBOXID;

    /** Items in parentheses, at least one. */
    static Set<StatusItem> readList(CommandReader reader) {
        Set<StatusItem> items = EnumSet.noneOf(StatusItem.class);
        reader.expect('(');
        do {
            String word = reader.word();
            try {
                items.add(valueOf(word.replace('-', '_')));
            } catch (IllegalArgumentException e) {
                throw new BadSyntax("Unknown STATUS item");
            }
        } while (reader.take(' '));
        reader.expect(')');
        return items;
    }

    /** Tells of mailboxes, one after another, as fast as the client takes it. */
    static Future<Void> writeAll(ImapSession session, List<Mailbox> mailboxes, Set<StatusItem> items) {
        return counted(session, mailboxes, items)
                .compose(counted -> EachInOrder.of(mailboxes, mailbox -> {
                    write(session, mailbox, items, counted);
                    return session.connection().drained();
                }));
    }

    /** Tells of one. */
    static Future<Void> write(ImapSession session, Mailbox mailbox, Set<StatusItem> items) {
        return counted(session, List.of(mailbox), items).map(counted -> {
            write(session, mailbox, items, counted);
            return null;
        });
    }

    /** What the rows do not tell, by mailbox; nothing where it is nothing. */
    private record Counted(Map<Long, Long> recent, Map<Long, Long> deletedOctets) {}

    private static Future<Counted> counted(ImapSession session, List<Mailbox> mailboxes, Set<StatusItem> items) {
        Future<Map<Long, Long>> recent = recent(session, mailboxes, items);
        return deletedOctets(session, mailboxes, items)
                .compose(deleted -> recent.map(count -> new Counted(count, deleted)));
    }

    private static void write(ImapSession session, Mailbox mailbox, Set<StatusItem> items, Counted counted) {
        long id = mailbox.key().mailboxId();
        ResponseWriter response =
                session.response().raw("* STATUS ").mailbox(mailbox.name()).raw(" (");
        String between = "";
        for (StatusItem item : items) {
            response.raw(between).raw(item.name().replace('_', '-')).raw(" ");
            switch (item) {
                case MAILBOXID -> response.raw("(").raw(ObjectId.MAILBOX.of(id)).raw(")");
                case APPENDLIMIT -> response.number(session.maxMessage());
                case DELETED_STORAGE -> response.number(counted.deletedOctets().getOrDefault(id, 0L));
                default -> response.number(item.value(mailbox, counted.recent().getOrDefault(id, 0L)));
            }
            between = " ";
        }
        session.write(response.raw(")").crlf());
    }

    private static Future<Map<Long, Long>> deletedOctets(
            ImapSession session, List<Mailbox> mailboxes, Set<StatusItem> items) {
        List<Long> toCount = mailboxes.stream()
                .filter(mailbox -> items.contains(DELETED_STORAGE) && mailbox.deleted() > 0)
                .map(mailbox -> mailbox.key().mailboxId())
                .toList();
        return toCount.isEmpty()
                ? Future.succeededFuture(Map.of())
                : session.store().mailboxes().deletedOctets(session.account().accountId(), toCount);
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
            case DELETED_STORAGE, APPENDLIMIT, MAILBOXID -> throw new IllegalStateException("not of the row");
        };
    }
}
