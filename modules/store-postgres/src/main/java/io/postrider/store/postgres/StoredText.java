package io.postrider.store.postgres;

/** Text as PostgreSQL takes it: it has no U+0000, and UTF-8 has no lone surrogates. Both become U+FFFD. */
final class StoredText {
    private static final char REPLACEMENT = '\uFFFD';

    private StoredText() {}

    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUnstorable(text, i)) {
                return replaced(text, i);
            }
        }
        return text;
    }

    /** At most so many UTF-16 units, never half a pair. */
    static String clipped(String text, int most) {
        if (text.length() <= most) {
            return of(text);
        }
        return of(text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most));
    }

    private static String replaced(String text, int from) {
        StringBuilder clean = new StringBuilder(text);
        for (int i = from; i < clean.length(); i++) {
            if (isUnstorable(clean, i)) {
                clean.setCharAt(i, REPLACEMENT);
            }
        }
        return clean.toString();
    }

    private static boolean isUnstorable(CharSequence text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
        }
        return c == 0;
    }
}
