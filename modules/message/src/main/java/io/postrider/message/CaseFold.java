package io.postrider.message;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Folds text so that what i;unicode-casemap calls equal becomes equal octets. RFC 5051
 *
 * <p>Whatever is searched in and whatever is searched for must both pass through here. It goes a little further than
 * RFC 5051 (the full case mapping, so "STRASSE" finds "straße"), and what comes out holds neither U+0000 nor a lone
 * surrogate, which PostgreSQL would refuse.
 */
public final class CaseFold {
    private static final char REPLACEMENT = '\uFFFD';

    /** Text of a language has three or four; beyond these the order of marks is left as it is. */
    private static final int MARKS_IN_A_ROW = 30;

    // Compatibility letters that become combining marks.
    private static final char HALFWIDTH_VOICED = '\uFF9E';
    private static final char HALFWIDTH_SEMI_VOICED = '\uFF9F';

    /** What each character of the basic plane folds to where no mark follows, filled as they come. */
    private static final String[] FOLDED_ALONE = new String[1 << 16];

    private CaseFold() {}

    /** Folds {@code text}; folding twice changes nothing more. */
    public static String fold(String text) {
        int upperCase = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || c == 0) {
                return foldUnicode(text);
            }
            if (c >= 'A' && c <= 'Z') {
                upperCase++;
            }
        }
        return upperCase == 0 ? text : foldAscii(text);
    }

    /** Replaces U+0000 and lone surrogates, which PostgreSQL does not keep in text. */
    static String storable(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c != 0 && !Character.isSurrogate(c)) {
                continue;
            }
            if (isPair(text, i)) {
                i++;
                continue;
            }
            return replaceUnstorable(text);
        }
        return text;
    }

    private static boolean isPair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }

    private static String replaceUnstorable(String text) {
        StringBuilder kept = new StringBuilder(text);
        for (int i = 0; i < kept.length(); i++) {
            char c = kept.charAt(i);
            if (isPair(text, i)) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                kept.setCharAt(i, REPLACEMENT);
            }
        }
        return kept.toString();
    }

    private static String foldAscii(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] >= 'A' && octets[i] <= 'Z') {
                octets[i] += 'a' - 'A';
            }
        }
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /**
     * Character by character, since nothing is composed; only combining marks are put in order, so those go together
     * with the character before them.
     */
    private static String foldUnicode(String text) {
        char[] from = text.toCharArray();
        Characters folded = new Characters(from.length + 64);
        for (int i = 0; i < from.length; ) {
            char c = from[i];
            boolean alone = i + 1 == from.length || !isMark(from[i + 1]);
            if (alone && c < 0x80 && c != 0) {
                folded.append(c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
                i++;
            } else if (alone && !Character.isSurrogate(c)) {
                folded.append(foldedAlone(c));
                i++;
            } else {
                int end = endOfRun(text, i + 1);
                folded.append(normalize(text.substring(i, end)));
                i = end;
            }
        }
        return folded.toString();
    }

    /** Bounded, because putting marks in order takes time by the square of their number. */
    private static int endOfRun(String text, int from) {
        int end = from;
        int limit = Math.min(text.length(), from + MARKS_IN_A_ROW);
        while (end < limit && (isMark(text.charAt(end)) || Character.isSurrogate(text.charAt(end)))) {
            end++;
        }
        return isPair(text, end - 1) ? end + 1 : end;
    }

    /** Two threads may both fill in the same string, which does no harm. */
    private static String foldedAlone(char c) {
        String known = FOLDED_ALONE[c];
        if (known == null) {
            known = normalize(String.valueOf(c));
            FOLDED_ALONE[c] = known;
        }
        return known;
    }

    private static boolean isMark(char c) {
        if (c < 0x300) {
            return false;
        }
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || c == HALFWIDTH_VOICED
                || c == HALFWIDTH_SEMI_VOICED;
    }

    private static String normalize(String text) {
        String decomposed = Normalizer.normalize(storable(text), Normalizer.Form.NFKD);
        // Lower case first: capital sharp s has no upper case of its own, small sharp s has "SS".
        String upper = lowerEach(decomposed).toUpperCase(Locale.ROOT);
        return Normalizer.normalize(lowerEach(upper), Normalizer.Form.NFKD);
    }

    /** Lower case without looking at neighbours: a sigma at a word's end must not differ from one within. */
    private static String lowerEach(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            lower.appendCodePoint(Character.toLowerCase(codePoint));
            i += Character.charCount(codePoint);
        }
        return lower.toString();
    }
}
