package io.postrider.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads message ids: {@code <left@right>}, brackets kept, white space and needless quoting taken out. RFC 5322 §3.6.4 */
final class MessageIds {
    private MessageIds() {}

    /** The first id of a Message-ID or In-Reply-To, or else the field's one word; empty when there is neither. */
    static String first(String field) {
        if (field == null) {
            return "";
        }
        List<String> ids = all(field, 1);
        if (!ids.isEmpty()) {
            return ids.get(0);
        }
        String word = field.strip();
        boolean oneWord = word.indexOf(' ') < 0 && word.indexOf('\t') < 0 && word.indexOf('<') < 0;
        return oneWord && fits(word) ? CaseFold.storable(word) : "";
    }

    /** References, or else the first of In-Reply-To. RFC 5256 §3, REFERENCES step 1 */
    static List<String> references(String references, String inReplyTo) {
        List<String> ids = references == null ? List.of() : all(references, Integer.MAX_VALUE);
        if (ids.isEmpty() && inReplyTo != null) {
            return List.copyOf(all(inReplyTo, 1));
        }
        Set<String> kept = new LinkedHashSet<>();
        int newest = Math.max(1, ids.size() - ParserLimits.REFERENCES + 1);
        for (int i = 0; i < ids.size(); i++) {
            if (i == 0 || i >= newest) {
                kept.add(ids.get(i));
            }
        }
        return List.copyOf(kept);
    }

    private static List<String> all(String field, int atMost) {
        List<String> ids = new ArrayList<>();
        int open = field.indexOf('<');
        while (open >= 0 && ids.size() < atMost) {
            StringBuilder id = new StringBuilder();
            int end = read(field, open + 1, id);
            if (end < 0) {
                break;
            }
            String whole = "<" + id + ">";
            if (id.length() > 0 && fits(whole)) {
                ids.add(CaseFold.storable(whole));
            }
            open = field.indexOf('<', end);
        }
        return ids;
    }

    /** Appends what is between the brackets; gives the place behind, or -1 when the closing one is missing. */
    private static int read(String field, int from, StringBuilder id) {
        boolean quoted = false;
        for (int i = from; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted && i + 1 < field.length()) {
                id.append(field.charAt(++i));
            } else if (c == '>' && !quoted) {
                return i + 1;
            } else if (c == '<' && !quoted) {
                id.setLength(0);
            } else if (c != ' ' && c != '\t') {
                id.append(c);
            }
        }
        return -1;
    }

    private static boolean fits(String id) {
        return id.length() <= ParserLimits.MESSAGE_ID_OCTETS
                && id.getBytes(StandardCharsets.UTF_8).length <= ParserLimits.MESSAGE_ID_OCTETS;
    }
}
