package io.postrider.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A message's flags: system flags as bits, keywords by name. Keywords are compared without regard to case, and a mailbox
 * keeps the spelling it saw first. RFC 3501 §2.3.2
 *
 * @param bits any of {@link #ANSWERED} and its kin
 * @param keywords no two alike but for case
 */
public record Flags(int bits, List<String> keywords) {
    public static final int ANSWERED = 1;
    public static final int FLAGGED = 2;
    public static final int DELETED = 4;
    public static final int SEEN = 8;
    public static final int DRAFT = 16;

    public static final Flags NONE = new Flags(0, List.of());

    public Flags {
        keywords = List.copyOf(keywords);
    }

    public static Flags of(int bits) {
        return new Flags(bits, List.of());
    }

    public boolean has(int bit) {
        return (bits & bit) != 0;
    }

    public boolean hasKeyword(String keyword) {
        return containsIgnoringCase(keywords, keyword);
    }

    public boolean isEmpty() {
        return bits == 0 && keywords.isEmpty();
    }

    /** These and those. */
    public Flags plus(Flags added) {
        List<String> all = new ArrayList<>(keywords);
        for (String keyword : added.keywords) {
            if (!containsIgnoringCase(all, keyword)) {
                all.add(keyword);
            }
        }
        return new Flags(bits | added.bits, all);
    }

    /** These without those. */
    public Flags minus(Flags removed) {
        return new Flags(
                bits & ~removed.bits,
                keywords.stream().filter(k -> !removed.hasKeyword(k)).toList());
    }

    private static boolean containsIgnoringCase(Collection<String> keywords, String keyword) {
        return keywords.stream().anyMatch(keyword::equalsIgnoreCase);
    }
}
