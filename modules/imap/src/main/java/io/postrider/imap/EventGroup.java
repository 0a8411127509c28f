package io.postrider.imap;

import io.postrider.store.Mailboxes;
import java.util.List;
import java.util.Set;

/**
 * Events that a client wants to hear of, and of which mailboxes. RFC 5465 §5, §6
 *
 * @param names of mailboxes, for SUBTREE and MAILBOXES
 * @param events none for NONE
 * @param itemsOfNew what to tell of new messages in the selected mailbox
 */
record EventGroup(Filter filter, List<String> names, Set<Event> events, List<FetchItem> itemsOfNew) {
    enum Filter {
        SELECTED("SELECTED"),
        /** Expunges wait for a command that may tell them. */
        SELECTED_DELAYED("SELECTED-DELAYED"),
        /** Mail may be delivered to any mailbox, so these are all. RFC 5465 §6.3 */
        INBOXES("INBOXES"),
        PERSONAL("PERSONAL"),
        SUBSCRIBED("SUBSCRIBED"),
        SUBTREE("SUBTREE"),
        MAILBOXES("MAILBOXES");

        private final String word;

        Filter(String word) {
            this.word = word;
        }

        /** Whether it means the mailbox that is selected, and no other. */
        boolean isSelected() {
            return this == SELECTED || this == SELECTED_DELAYED;
        }

        boolean takesNames() {
            return this == SUBTREE || this == MAILBOXES;
        }

        static Filter read(CommandReader reader) {
            String word = reader.word();
            for (Filter filter : values()) {
                if (filter.word.equals(word)) {
                    return filter;
                }
            }
            throw reader.bad("mailbox filter before");
        }
    }

    /** Those that we can tell of. Annotations and metadata there are none. */
    enum Event {
        MESSAGE_NEW("MessageNew"),
        MESSAGE_EXPUNGE("MessageExpunge"),
        FLAG_CHANGE("FlagChange"),
        MAILBOX_NAME("MailboxName"),
        SUBSCRIPTION_CHANGE("SubscriptionChange");

        private final String word;

        Event(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        boolean isOfMessages() {
            return this == MESSAGE_NEW || this == MESSAGE_EXPUNGE || this == FLAG_CHANGE;
        }
    }

    boolean wants(Event event) {
        return events.contains(event);
    }

    /** Whether the group means the mailbox of that name, which is not the selected one. */
    boolean covers(String name, boolean subscribed) {
        return switch (filter) {
            case SELECTED, SELECTED_DELAYED -> false;
            case INBOXES, PERSONAL -> true;
            case SUBSCRIBED -> subscribed;
            case SUBTREE ->
                names.stream().anyMatch(top -> name.equals(top) || name.startsWith(top + Mailboxes.SEPARATOR));
            case MAILBOXES -> names.contains(name);
        };
    }
}
