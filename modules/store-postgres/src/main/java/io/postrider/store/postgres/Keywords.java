package io.postrider.store.postgres;

import io.postrider.store.Messages;
import io.postrider.store.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Keywords on their way to the database, where lists of them are separated by spaces. */
final class Keywords {
    private Keywords() {}

    /**
     * Without those that differ from an earlier one by case only.
     *
     * @throws Refusal LIMIT for too many or too long ones, CANNOT for what is no keyword. RFC 3501 §9, flag-keyword
     */
    static String[] checked(Iterable<String> keywords) {
        Map<String, String> distinct = new LinkedHashMap<>();
        for (String keyword : keywords) {
            check(keyword);
            distinct.putIfAbsent(keyword.toLowerCase(Locale.ROOT), keyword);
        }
        if (distinct.size() > Messages.MAX_KEYWORDS) {
            throw new Refusal(Refusal.Kind.LIMIT, "too many keywords");
        }
        return distinct.values().toArray(String[]::new);
    }

    /** As the database lists a message's; null for none. */
    static List<String> split(String list) {
        return list == null || list.isEmpty() ? List.of() : List.of(list.split(" "));
    }

    static List<String> of(String[] keywords) {
        return keywords == null ? List.of() : List.of(keywords);
    }

    private static void check(String keyword) {
        if (keyword.length() > Messages.MAX_KEYWORD_OCTETS) {
            throw new Refusal(Refusal.Kind.LIMIT, "a keyword may have " + Messages.MAX_KEYWORD_OCTETS + " octets");
        }
        if (keyword.isEmpty() || keyword.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new Refusal(Refusal.Kind.CANNOT, "no such keyword can be");
        }
    }
}
