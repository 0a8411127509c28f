package io.postrider.message;

/** What a parse keeps of a message's text: all of it for search, its first words for the preview. */
final class DecodedText {
    /** Folded in pieces, since one character can fold into eighteen. */
    private static final int FOLDED_AT_ONCE = 1 << 16;

    private final TextRoom room;
    private int limit;
    /** What there is room for; more must be asked for. */
    private int granted;

    private int taken;
    private final Characters search = new Characters(256);
    private final Preview plain = new Preview();
    private final Preview html = new Preview();
    private Preview preview;

    DecodedText(int limit, TextRoom room) {
        this.limit = limit;
        this.room = room;
        this.granted = Math.min(limit, TextRoom.FREE_CHARACTERS);
    }

    /** A text part begins. Only parts that a reader sees at once count for the preview. */
    void beginPart(boolean isHtml, boolean shown) {
        Preview own = isHtml ? html : plain;
        preview = shown && own.isEmpty() ? own : null;
    }

    /** True when more text would change nothing. */
    boolean isFull() {
        return search.length() >= limit && (preview == null || preview.isFull());
    }

    void append(Characters text) {
        search.append(text, fitting(text.length()));
        if (preview != null) {
            preview.append(text);
        }
    }

    /** Text that is searched and never shown. */
    void appendHidden(String text) {
        search.append(text, fitting(text.length()));
    }

    /** How many more characters there is room for, of those wanted. */
    private int fitting(int wanted) {
        while (wanted > granted - search.length() && granted < limit) {
            // As the array grows: twice as large each time.
            int more = Math.min(granted, limit - granted);
            if (room.take(more)) {
                taken += more;
                granted += more;
            } else {
                limit = granted;
            }
        }
        return Math.min(wanted, granted - search.length());
    }

    /** Nothing more is gathered. */
    void release() {
        room.giveBack(taken);
        taken = 0;
    }

    String searchText() {
        return fold(search.toString(), limit);
    }

    String preview() {
        return plain.isEmpty() ? html.toString() : plain.toString();
    }

    /** Folds text that may grow by it, up to {@code limit} characters. */
    static String fold(String text, int limit) {
        if (text.length() <= FOLDED_AT_ONCE) {
            return cut(CaseFold.fold(text), limit);
        }
        StringBuilder folded = new StringBuilder(text.length());
        for (int start = 0; start < text.length() && folded.length() < limit; ) {
            int end = Math.min(text.length(), start + FOLDED_AT_ONCE);
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
                end--;
            }
            folded.append(CaseFold.fold(text.substring(start, end)));
            start = end;
        }
        return cut(folded.toString(), limit);
    }

    /** At most {@code limit} characters, no pair of surrogates cut in two. */
    static String cut(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        boolean pair = limit > 0 && Character.isHighSurrogate(text.charAt(limit - 1));
        return text.substring(0, pair ? limit - 1 : limit);
    }

    /** The first characters, white space collapsed; what fills up the previews of advertisers is left out. */
    private static final class Preview {
        private final StringBuilder kept = new StringBuilder();
        private int characters;
        private boolean spaceDue;
        private char highSurrogate;

        boolean isEmpty() {
            return characters == 0;
        }

        boolean isFull() {
            return characters >= ParserLimits.PREVIEW_CHARACTERS;
        }

        void append(Characters text) {
            for (int i = 0; i < text.length() && !isFull(); i++) {
                char c = text.at(i);
                if (Character.isHighSurrogate(c)) {
                    highSurrogate = c;
                } else if (Character.isLowSurrogate(c)) {
                    append(highSurrogate == 0 ? 0xFFFD : Character.toCodePoint(highSurrogate, c));
                    highSurrogate = 0;
                } else {
                    append((int) c);
                }
            }
        }

        private void append(int codePoint) {
            if (codePoint <= ' ' || Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
                spaceDue = characters > 0;
                return;
            }
            if (isInvisible(codePoint)) {
                return;
            }
            if (spaceDue) {
                spaceDue = false;
                kept.append(' ');
                if (++characters == ParserLimits.PREVIEW_CHARACTERS) {
                    return;
                }
            }
            kept.appendCodePoint(codePoint);
            characters++;
        }

        private static boolean isInvisible(int codePoint) {
            return codePoint == 0xFEFF
                    || codePoint == 0x200B
                    || codePoint == 0x200C
                    || codePoint == 0xAD
                    || codePoint == 0x34F;
        }

        @Override
        public String toString() {
            return CaseFold.storable(kept.toString().strip());
        }
    }
}
