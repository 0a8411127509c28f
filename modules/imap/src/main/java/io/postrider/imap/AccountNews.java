package io.postrider.imap;

import io.postrider.imap.EventGroup.Event;
import io.postrider.store.ChangeFeed;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * News of mailboxes that are not selected: one question for all of an account's mailboxes, whose answer is compared with what
 * the client knows. RFC 5465 §5
 */
final class AccountNews {
    /** Mailboxes of an account that one session may ask to be told of; NOTIFICATIONOVERFLOW beyond. */
    static final int MAX_MAILBOXES = 5_000;

    private final ImapSession session;
    private final List<EventGroup> groups;
    private final ChangeFeed.Watch watch;
    private Map<Long, Known> known = new HashMap<>();
    private Set<String> subscribed = Set.of();
    private final Set<String> ownNames = new HashSet<>();
    private boolean behind;
    private boolean closed;

    /** What the client knows of a mailbox. */
    private record Known(String name, long uidNext, long messages, long unseen, long modSeq) {
        private static final long UNKNOWN = -1;

        static Known of(Mailbox mailbox) {
            return new Known(
                    mailbox.name(), mailbox.uidNext(), mailbox.messages(), mailbox.unseen(), mailbox.highestModSeq());
        }

        /** Of one that has just been made. */
        static Known empty(Mailbox mailbox) {
            return new Known(mailbox.name(), 1, 0, 0, 1);
        }

        /** With messages that the client has put there itself; their flags and MODSEQs it knows as well. */
        Known with(UidSet own) {
            return new Known(name, own.max() + 1, messages + own.size(), UNKNOWN, UNKNOWN);
        }
    }

    AccountNews(ImapSession session, List<EventGroup> groups) {
        this.session = session;
        this.groups = groups;
        this.watch = session.store().changes().watchAccount(session.account().accountId(), this::hinted);
    }

    /** Looks for the first time. */
    Future<Void> begin(boolean status) {
        return ListedMailboxes.load(session, true)
                .compose(all -> {
                    if (all.names().size() > MAX_MAILBOXES) {
                        throw new No("NOTIFICATIONOVERFLOW", "There are too many mailboxes to tell of");
                    }
                    remember(all);
                    return status ? writeStatus(all) : Future.succeededFuture();
                })
                .onFailure(failure -> close());
    }

    boolean isBehind() {
        return behind;
    }

    /** A look costs some microseconds a mailbox. */
    long restMillis() {
        return known.size() / 20;
    }

    void ownNames(String... names) {
        for (String name : names) {
            for (String each = name; !each.isEmpty(); each = ListedMailboxes.parent(each)) {
                ownNames.add(each);
            }
        }
    }

    /** Where others have put some there before, all is told. */
    void ownMessages(MailboxKey mailbox, UidSet uids) {
        Known was = known.get(mailbox.mailboxId());
        if (was != null && !uids.isEmpty() && was.uidNext == uids.min()) {
            known.put(mailbox.mailboxId(), was.with(uids));
        }
    }

    void close() {
        closed = true;
        watch.close();
    }

    private void hinted() {
        behind = true;
        if (!closed) {
            session.news().came();
        }
    }

    /** Looks, and tells what is new. */
    Future<Void> tell() {
        behind = false;
        return ListedMailboxes.load(session, true)
                .onFailure(failure -> behind = true)
                .compose(all -> {
                    if (closed) {
                        return Future.succeededFuture();
                    }
                    if (all.names().size() > MAX_MAILBOXES) {
                        session.news().overflow();
                        return Future.succeededFuture();
                    }
                    Map<Long, Known> before = known;
                    Names names = new Names(all, before);
                    remember(all);
                    return names.write().compose(written -> tellOfMessages(all, before));
                });
    }

    private void remember(ListedMailboxes all) {
        Map<Long, Known> now = new HashMap<>();
        for (String name : all.names()) {
            Mailbox mailbox = all.mailbox(name);
            if (mailbox != null) {
                now.put(mailbox.key().mailboxId(), Known.of(mailbox));
            }
        }
        known = now;
        subscribed = Set.copyOf(all.subscribed());
    }

    private boolean isWanted(Event event, String name, boolean isSubscribed) {
        return groups.stream().anyMatch(group -> group.wants(event) && group.covers(name, isSubscribed));
    }

    private boolean isSelected(Mailbox mailbox) {
        return session.selected() != null && session.selected().key().equals(mailbox.key());
    }

    /** The STATUS responses that NOTIFY SET STATUS begins with. RFC 5465 §3.1 */
    private Future<Void> writeStatus(ListedMailboxes all) {
        return EachInOrder.of(List.copyOf(all.names()), name -> {
            Mailbox mailbox = all.mailbox(name);
            if (mailbox == null || !mailbox.selectable() || isSelected(mailbox)) {
                return Future.succeededFuture();
            }
            Set<StatusItem> items = EnumSet.noneOf(StatusItem.class);
            if (isWanted(Event.MESSAGE_NEW, name, mailbox.subscribed())) {
                items.addAll(EnumSet.of(StatusItem.MESSAGES, StatusItem.UIDNEXT, StatusItem.UIDVALIDITY));
            }
            if (isWanted(Event.FLAG_CHANGE, name, mailbox.subscribed())) {
                items.addAll(EnumSet.of(StatusItem.UIDVALIDITY, StatusItem.HIGHESTMODSEQ));
            }
            return write(mailbox, items);
        });
    }

    private Future<Void> tellOfMessages(ListedMailboxes all, Map<Long, Known> before) {
        return EachInOrder.of(List.copyOf(all.names()), name -> {
            Mailbox mailbox = all.mailbox(name);
            if (mailbox == null || !mailbox.selectable() || isSelected(mailbox)) {
                return Future.succeededFuture();
            }
            Known was = before.getOrDefault(mailbox.key().mailboxId(), Known.empty(mailbox));
            return write(mailbox, changed(mailbox, was));
        });
    }

    /** What to tell of a mailbox in which something happened. RFC 5465 §5.1, §5.2, §5.3 */
    private Set<StatusItem> changed(Mailbox mailbox, Known was) {
        Set<StatusItem> items = EnumSet.noneOf(StatusItem.class);
        boolean condstore = session.enabled(Extension.CONDSTORE);
        boolean cameOrWent = mailbox.uidNext() != was.uidNext || mailbox.messages() != was.messages;
        if (cameOrWent && isWanted(Event.MESSAGE_NEW, mailbox.name(), mailbox.subscribed())) {
            items.addAll(EnumSet.of(StatusItem.MESSAGES, StatusItem.UIDNEXT));
            if (condstore) {
                items.add(StatusItem.HIGHESTMODSEQ);
            }
        }
        boolean changed = was.modSeq != Known.UNKNOWN && mailbox.highestModSeq() != was.modSeq;
        if (changed && isWanted(Event.FLAG_CHANGE, mailbox.name(), mailbox.subscribed())) {
            if (condstore) {
                items.addAll(EnumSet.of(StatusItem.UIDVALIDITY, StatusItem.HIGHESTMODSEQ));
            }
            if (mailbox.unseen() != was.unseen && was.unseen != Known.UNKNOWN) {
                items.add(StatusItem.UNSEEN);
            }
        }
        return items;
    }

    private Future<Void> write(Mailbox mailbox, Set<StatusItem> items) {
        return items.isEmpty()
                ? Future.succeededFuture()
                : StatusItem.write(session, mailbox, items)
                        .compose(written -> session.connection().drained());
    }

    /** Which names are others than before. */
    private final class Names {
        private final ListedMailboxes all;
        private final Map<Long, Known> before;
        /** In the order in which they are told. */
        private final Set<String> told = new LinkedHashSet<>();

        private final Map<String, String> oldNames = new HashMap<>();

        Names(ListedMailboxes all, Map<Long, Known> before) {
            this.all = all;
            this.before = before;
            compareMailboxes();
            compareSubscriptions();
            told.removeAll(ownNames);
            ownNames.clear();
        }

        private void compareMailboxes() {
            Map<Long, String> now = new HashMap<>();
            for (String name : all.names()) {
                Mailbox mailbox = all.mailbox(name);
                if (mailbox != null) {
                    now.put(mailbox.key().mailboxId(), name);
                }
            }
            for (Map.Entry<Long, Known> entry : before.entrySet()) {
                String name = now.get(entry.getKey());
                String oldName = entry.getValue().name();
                if (name == null) {
                    affected(oldName);
                } else if (!name.equals(oldName)) {
                    oldNames.put(name, oldName);
                }
            }
            Set<String> moved = Set.copyOf(oldNames.keySet());
            moved.forEach(this::renamed);
            for (Map.Entry<Long, String> entry : now.entrySet()) {
                if (!before.containsKey(entry.getKey())) {
                    affected(entry.getValue());
                }
            }
        }

        /** A mailbox has come or gone; whether its parent has children may be new as well. RFC 5465 §5.4 */
        private void affected(String name) {
            tellIfWanted(Event.MAILBOX_NAME, name);
            String parent = ListedMailboxes.parent(name);
            if (!parent.isEmpty()) {
                tellIfWanted(Event.MAILBOX_NAME, parent);
            }
        }

        /** What lies below a renamed mailbox has been renamed with it, and nobody needs to be told. RFC 5465 §5.4 */
        private void renamed(String name) {
            String oldName = oldNames.get(name);
            String parent = ListedMailboxes.parent(name);
            String withParent = parent.isEmpty() ? null : oldNames.get(parent);
            boolean withIt = withParent != null && oldName.equals(withParent + name.substring(parent.length()));
            if (!withIt && (isWanted(Event.MAILBOX_NAME, oldName) || isWanted(Event.MAILBOX_NAME, name))) {
                told.add(name);
            }
        }

        private void compareSubscriptions() {
            for (String name : all.subscribed()) {
                if (!subscribed.contains(name)) {
                    tellIfWanted(Event.SUBSCRIPTION_CHANGE, name);
                }
            }
            for (String name : subscribed) {
                if (!all.isSubscribed(name)) {
                    tellIfWanted(Event.SUBSCRIPTION_CHANGE, name);
                }
            }
        }

        private void tellIfWanted(Event event, String name) {
            if (isWanted(event, name)) {
                told.add(name);
            }
        }

        private boolean isWanted(Event event, String name) {
            return AccountNews.this.isWanted(event, name, all.isSubscribed(name) || subscribed.contains(name));
        }

        Future<Void> write() {
            return EachInOrder.of(List.copyOf(told), name -> {
                Mailbox mailbox = all.mailbox(name);
                List<String> attributes =
                        mailbox == null ? new ArrayList<>(List.of("\\NonExistent")) : all.attributes(mailbox);
                if (all.isSubscribed(name)) {
                    attributes.add("\\Subscribed");
                }
                ResponseWriter out = session.response()
                        .raw("* LIST (")
                        .raw(String.join(" ", attributes))
                        .raw(") ")
                        .string(String.valueOf(session.names().separator()))
                        .raw(" ")
                        .mailbox(name);
                if (oldNames.containsKey(name)) {
                    out.raw(" (\"OLDNAME\" (").mailbox(oldNames.get(name)).raw("))");
                }
                session.write(out.crlf());
                return session.connection().drained();
            });
        }
    }
}
