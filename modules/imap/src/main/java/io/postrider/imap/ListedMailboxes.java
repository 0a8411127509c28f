package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.postrider.store.Mailboxes;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An account's mailboxes and subscribed names at one moment, with what LIST and LSUB tell of each. */
final class ListedMailboxes {
    private final Map<String, Mailbox> mailboxes = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Set<String> parents = new HashSet<>();
    private final Set<String> subscribed = new HashSet<>();

    private ListedMailboxes(List<Mailbox> all, Collection<String> subscriptions) {
        for (Mailbox mailbox : all) {
            mailboxes.put(mailbox.name(), mailbox);
            names.add(mailbox.name());
            parents.add(parent(mailbox.name()));
            if (mailbox.subscribed()) {
                subscribed.add(mailbox.name());
            }
        }
        subscribed.addAll(subscriptions);
        for (String name : subscriptions) {
            if (!mailboxes.containsKey(name)) {
                names.add(name);
            }
        }
        Set<String> aboveSubscribed = new HashSet<>();
        for (String name : subscribed) {
            for (String above = parent(name); !above.isEmpty() && aboveSubscribed.add(above); above = parent(above)) {
                if (!mailboxes.containsKey(above) && !subscribed.contains(above)) {
                    names.add(above);
                }
            }
        }
    }

    /** @param withSubscriptions whether names that have no mailbox matter, too */
    static Future<ListedMailboxes> load(ImapSession session, boolean withSubscriptions) {
        long accountId = session.account().accountId();
        Mailboxes store = session.store().mailboxes();
        Future<List<Mailbox>> all = store.list(accountId);
        Future<List<String>> subscriptions =
                withSubscriptions ? store.subscriptions(accountId) : Future.succeededFuture(List.of());
        return all.compose(mailboxes -> subscriptions.map(list -> new ListedMailboxes(mailboxes, list)));
    }

    /** Mailboxes first, then subscribed names without one and what lies above those. */
    List<String> names() {
        return names;
    }

    /** Null when there is no such mailbox. */
    Mailbox mailbox(String name) {
        return mailboxes.get(name);
    }

    boolean isSubscribed(String name) {
        return subscribed.contains(name);
    }

    /** What every LIST and LSUB tells of a mailbox: \NoSelect, CHILDREN (RFC 3348) and SPECIAL-USE (RFC 6154 §2). */
    List<String> attributes(Mailbox mailbox) {
        List<String> attributes = new ArrayList<>(4);
        if (!mailbox.selectable()) {
            attributes.add("\\Noselect");
        }
        attributes.add(parents.contains(mailbox.name()) ? "\\HasChildren" : "\\HasNoChildren");
        mailbox.specialUse().ifPresent(use -> attributes.add(use.attribute()));
        return attributes;
    }

    Set<String> subscribed() {
        return subscribed;
    }

    /** "" above the first level. */
    static String parent(String name) {
        int end = name.lastIndexOf(Mailboxes.SEPARATOR);
        return end < 0 ? "" : name.substring(0, end);
    }
}
