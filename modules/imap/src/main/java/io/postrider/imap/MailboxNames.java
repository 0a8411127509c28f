package io.postrider.imap;

import io.postrider.store.Mailboxes;

/**
 * How mailboxes are called on the wire, apart from the encoding. Usually as in the store: {@code Sent/2026}. For clients set
 * up for another server also {@code INBOX.Sent.2026}: "." separates, and all but INBOX lie below "INBOX.".
 *
 * <p>"." and "/" change places, so that a name that has the other one stays one name and no two become alike.
 */
final class MailboxNames {
    static final MailboxNames SLASHES = new MailboxNames('/', "");
    static final MailboxNames DOTS = new MailboxNames('.', "INBOX.");

    private final char separator;
    private final String prefix;

    private MailboxNames(char separator, String prefix) {
        this.separator = separator;
        this.prefix = prefix;
    }

    char separator() {
        return separator;
    }

    /** Of the personal namespace. RFC 2342 §5 */
    String prefix() {
        return prefix;
    }

    /**
     * The store's name for what the client wrote, already decoded; INBOX in any case is INBOX. RFC 3501 §5.1
     *
     * <p>A separator at the end is left out: CREATE has it to say that mailboxes will be made below (RFC 3501 §6.3.3), and
     * Thunderbird goes on calling them so in SUBSCRIBE and the rest.
     */
    String fromWire(String written) {
        String wire = withoutTrailingSeparator(written);
        if (wire.equalsIgnoreCase(Mailboxes.INBOX)) {
            return Mailboxes.INBOX;
        }
        boolean prefixed = wire.regionMatches(true, 0, prefix, 0, prefix.length());
        String name = swapped(prefixed ? wire.substring(prefix.length()) : wire);
        int first = name.indexOf(Mailboxes.SEPARATOR);
        if (first == Mailboxes.INBOX.length() && name.regionMatches(true, 0, Mailboxes.INBOX, 0, first)) {
            return Mailboxes.INBOX + name.substring(first);
        }
        return name;
    }

    /** What the client calls the store's mailbox, not yet encoded. */
    String toWire(String name) {
        return name.equals(Mailboxes.INBOX) ? name : prefix + swapped(name);
    }

    private String withoutTrailingSeparator(String wire) {
        int last = wire.length() - 1;
        return last > 0 && wire.charAt(last) == separator ? wire.substring(0, last) : wire;
    }

    private String swapped(String name) {
        if (separator == Mailboxes.SEPARATOR) {
            return name;
        }
        char[] characters = name.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            if (characters[i] == separator) {
                characters[i] = Mailboxes.SEPARATOR;
            } else if (characters[i] == Mailboxes.SEPARATOR) {
                characters[i] = separator;
            }
        }
        return new String(characters);
    }
}
