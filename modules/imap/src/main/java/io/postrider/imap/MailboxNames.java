package io.postrider.imap;

import io.postrider.store.Mailboxes;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * How mailboxes are called on the wire, and how that is encoded. Usually as in the store: {@code Sent/2026}. For clients set
 * up for another server also {@code INBOX.Sent.2026}: "." separates, and all but INBOX lie below "INBOX.".
 *
 * <p>"." and "/" change places, so that a name that has the other one stays one name and no two become alike.
 */
final class MailboxNames {
    static final MailboxNames SLASHES = new MailboxNames('/', "", false);
    static final MailboxNames DOTS = new MailboxNames('.', "INBOX.", false);

    private static final MailboxNames SLASHES_IN_UTF8 = new MailboxNames('/', "", true);
    private static final MailboxNames DOTS_IN_UTF8 = new MailboxNames('.', "INBOX.", true);

    private final char separator;
    private final String prefix;
    private final boolean utf8;

    private MailboxNames(char separator, String prefix, boolean utf8) {
        this.separator = separator;
        this.prefix = prefix;
        this.utf8 = utf8;
    }

    /** @param utf8 whether names go in UTF-8 as they are, instead of modified UTF-7. RFC 6855 §3, RFC 9051 §5.1 */
    static MailboxNames of(boolean dots, boolean utf8) {
        if (utf8) {
            return dots ? DOTS_IN_UTF8 : SLASHES_IN_UTF8;
        }
        return dots ? DOTS : SLASHES;
    }

    /** Whether a name may stand in a quoted string with all its characters. */
    boolean inUtf8() {
        return utf8;
    }

    /**
     * The characters of a name that came so, composed, since the same name may be written in several ways. RFC 5198 §3
     *
     * @throws BadSyntax when this is no encoding of any name
     */
    String decode(byte[] octets) {
        String name = utf8
                ? CommandReader.utf8(octets)
                : ModifiedUtf7.decode(new String(octets, StandardCharsets.ISO_8859_1));
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /** What is sent for a name that the client calls so. */
    String encode(String wireName) {
        return utf8 ? wireName : ModifiedUtf7.encode(wireName);
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

    String withoutTrailingSeparator(String wire) {
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
