package io.postrider.imap;

import io.postrider.store.Mailboxes;
import java.util.HashMap;
import java.util.Map;

/**
 * What LIST and LSUB look for: "*" stands for anything, "%" for anything within a level. RFC 3501 §6.3.8
 *
 * <p>All ways to match are followed at once, a bit for each, so that no pattern makes a name cost more than its length times
 * that of the pattern: "*a*a*a*a" is no weapon.
 */
final class MailboxPattern {
    /** Characters; a longer one could match by its wildcards alone, but nobody means it. */
    static final int MAX_LENGTH = Mailboxes.MAX_NAME_OCTETS;

    private final char separator;
    private final int length;
    private final int words;
    private final long[] anything;
    private final long[] withinLevel;
    private final Map<Character, long[]> literals = new HashMap<>();
    private final boolean endsWithinLevel;

    /** @throws No LIMIT when it is longer than {@link #MAX_LENGTH} */
    MailboxPattern(String pattern, char separator) {
        if (pattern.length() > MAX_LENGTH) {
            throw new No("LIMIT", "Pattern longer than " + MAX_LENGTH + " characters");
        }
        String plain = collapsed(pattern);
        this.separator = separator;
        this.length = plain.length();
        this.words = length / Long.SIZE + 1;
        this.anything = new long[words];
        this.withinLevel = new long[words];
        this.endsWithinLevel = plain.endsWith("%");
        for (int i = 0; i < length; i++) {
            char c = plain.charAt(i);
            long[] bits = c == '*'
                    ? anything
                    : c == '%' ? withinLevel : literals.computeIfAbsent(c, literal -> new long[words]);
            bits[i / Long.SIZE] |= 1L << i;
        }
    }

    /** Whether it ends in "%", for the rule of LSUB. RFC 3501 §6.3.9 */
    boolean endsWithinLevel() {
        return endsWithinLevel;
    }

    /** @param name as the client calls it */
    boolean matches(String name) {
        long[] reached = new long[words];
        reached[0] = 1;
        passWildcards(reached);
        long[] next = new long[words];
        int inbox = inboxLength(name);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            step(reached, next, c, i < inbox ? Character.toLowerCase(c) : c);
            passWildcards(next);
            long[] spare = reached;
            reached = next;
            next = spare;
        }
        return (reached[length / Long.SIZE] >>> length & 1) != 0;
    }

    private void step(long[] reached, long[] next, char c, char alike) {
        long[] literal = literals.get(c);
        long[] other = c == alike ? null : literals.get(alike);
        long carry = 0;
        for (int w = 0; w < words; w++) {
            long taken = reached[w] & ((literal == null ? 0 : literal[w]) | (other == null ? 0 : other[w]));
            long stays = reached[w] & (anything[w] | (c == separator ? 0 : withinLevel[w]));
            next[w] = taken << 1 | carry | stays;
            carry = taken >>> Long.SIZE - 1;
        }
    }

    /** A wildcard may stand for nothing. No two follow each other, so one step passes them all. */
    private void passWildcards(long[] reached) {
        long carry = 0;
        for (int w = 0; w < words; w++) {
            long passed = reached[w] & (anything[w] | withinLevel[w]);
            reached[w] |= passed << 1 | carry;
            carry = passed >>> Long.SIZE - 1;
        }
    }

    /** How much of the name is INBOX, which is so in any case. RFC 3501 §5.1 */
    private int inboxLength(String name) {
        int inbox = Mailboxes.INBOX.length();
        boolean starts =
                name.startsWith(Mailboxes.INBOX) && (name.length() == inbox || name.charAt(inbox) == separator);
        return starts ? inbox : 0;
    }

    /** A run of wildcards says no more than its widest. */
    private static String collapsed(String pattern) {
        StringBuilder collapsed = new StringBuilder(pattern.length());
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int last = collapsed.length() - 1;
            boolean follows = last >= 0 && (collapsed.charAt(last) == '*' || collapsed.charAt(last) == '%');
            if (!follows || c != '*' && c != '%') {
                collapsed.append(c);
            } else if (c == '*') {
                collapsed.setCharAt(last, '*');
            }
        }
        return collapsed.toString();
    }
}
