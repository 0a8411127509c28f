package io.postrider.store.postgres;

import io.postrider.store.Mailboxes;
import io.postrider.store.Refusal;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The one spelling under which an address, a domain or a mailbox is kept. */
final class Names {
    /** Octets of an address in UTF-8: 64 of local part, "@", 255 of domain, as RFC 5321 §4.5.3.1 has it. */
    static final int MAX_ADDRESS_OCTETS = 320;

    private static final int MAX_DOMAIN_OCTETS = 255;
    /** Composing makes names shorter, but not by more than this; what is longer is not worth the work. */
    private static final int MAX_DECOMPOSED = 4 * Mailboxes.MAX_NAME_OCTETS;

    private Names() {}

    /** Lower case, its domain in Unicode; empty for what can be nobody's address. */
    static Optional<String> address(String address) {
        int at = address.length() > MAX_ADDRESS_OCTETS ? -1 : address.lastIndexOf('@');
        if (at < 1) {
            return Optional.empty();
        }
        String local = fold(address.substring(0, at));
        return domain(address.substring(at + 1))
                .map(domain -> local + "@" + domain)
                .filter(whole -> isPlain(whole) && octets(whole) <= MAX_ADDRESS_OCTETS);
    }

    /** Lower case and in Unicode; empty for what can be no domain. */
    static Optional<String> domain(String domain) {
        if (domain.length() > MAX_DOMAIN_OCTETS) {
            return Optional.empty();
        }
        String folded = fold(IDN.toUnicode(domain));
        boolean can =
                !folded.isEmpty() && isPlain(folded) && octets(folded) <= MAX_DOMAIN_OCTETS && folded.indexOf('@') < 0;
        return can ? Optional.of(folded) : Optional.empty();
    }

    /** What stands behind the "@". */
    static String domainOf(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    /**
     * A mailbox's name as it is kept: INBOX in capitals (RFC 3501 §5.1), characters composed (RFC 5198 §3); empty for what
     * can be no name.
     */
    static Optional<String> mailbox(String name) {
        if (name.length() > MAX_DECOMPOSED) {
            return Optional.empty();
        }
        boolean isAscii = name.chars().allMatch(c -> c < 0x80);
        String composed = isAscii ? name : Normalizer.normalize(name, Normalizer.Form.NFC);
        int end = composed.indexOf(Mailboxes.SEPARATOR);
        String top = end < 0 ? composed : composed.substring(0, end);
        String canonical = top.equalsIgnoreCase(Mailboxes.INBOX) && !top.equals(Mailboxes.INBOX)
                ? Mailboxes.INBOX + composed.substring(top.length())
                : composed;
        boolean hasEmptyLevel = canonical.isEmpty()
                || canonical.charAt(0) == Mailboxes.SEPARATOR
                || canonical.charAt(canonical.length() - 1) == Mailboxes.SEPARATOR
                || canonical.contains("//");
        return hasEmptyLevel || !canonical.codePoints().allMatch(Names::mayStandInMailbox)
                ? Optional.empty()
                : Optional.of(canonical);
    }

    /** The name of a mailbox to be, as it is kept; CANNOT or LIMIT. */
    static String newMailbox(String name) {
        if (name.length() > MAX_DECOMPOSED) {
            checkBounds(name.length(), 0);
        }
        String canonical =
                mailbox(name).orElseThrow(() -> new Refusal(Refusal.Kind.CANNOT, "No mailbox can have that name"));
        checkBounds(octets(canonical), levels(canonical));
        return canonical;
    }

    static void checkBounds(long octets, long levels) {
        if (octets > Mailboxes.MAX_NAME_OCTETS) {
            throw new Refusal(
                    Refusal.Kind.LIMIT, "A mailbox name has at most " + Mailboxes.MAX_NAME_OCTETS + " octets");
        }
        if (levels > Mailboxes.MAX_DEPTH) {
            throw new Refusal(Refusal.Kind.LIMIT, "A mailbox name has at most " + Mailboxes.MAX_DEPTH + " levels");
        }
    }

    /** The names above it, the topmost first, and itself. */
    static List<String> withParents(String name) {
        List<String> names = new ArrayList<>();
        for (int at = name.indexOf(Mailboxes.SEPARATOR); at >= 0; at = name.indexOf(Mailboxes.SEPARATOR, at + 1)) {
            names.add(name.substring(0, at));
        }
        names.add(name);
        return names;
    }

    private static int levels(String name) {
        return withParents(name).size();
    }

    private static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** No control characters, and nothing that UTF-8 cannot hold. */
    private static boolean isPlain(String text) {
        return text.codePoints().allMatch(c -> !Character.isISOControl(c) && !isSurrogate(c) && c != ' ');
    }

    /** RFC 9051 §5.1: no control characters, and neither line nor paragraph separator. */
    private static boolean mayStandInMailbox(int c) {
        return !Character.isISOControl(c) && c != 0x2028 && c != 0x2029 && !isSurrogate(c);
    }

    /** Half of a pair: a code point that cannot be sent in UTF-8. */
    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
