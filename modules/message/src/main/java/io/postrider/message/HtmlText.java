package io.postrider.message;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Takes the text out of HTML as it streams by: for search and preview, so nothing is shown and nothing has to be exact.
 * Tags, comments, scripts, styles and titles are dropped, references decoded, white space collapsed.
 */
final class HtmlText {
    /** Tags that do not part words; every other does. */
    private static final Set<String> INLINE = Set.of(
            "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
            "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
            "wbr");

    private static final Set<String> NOT_TEXT = Set.of("script", "style", "title");
    private static final Map<String, Character> REFERENCES = new HashMap<>();
    private static final int NAME_CHARACTERS = 32;

    static {
        String latin1 =
                "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3"
                        + " acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde"
                        + " Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute"
                        + " Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde"
                        + " auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute"
                        + " ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
        char character = '\u00a0';
        for (String name : latin1.split(" ")) {
            REFERENCES.put(name, character++);
        }
        REFERENCES.putAll(Map.of("amp", '&', "lt", '<', "gt", '>', "quot", '"', "apos", '\'', "euro", '€'));
        REFERENCES.putAll(Map.of("hellip", '…', "mdash", '—', "ndash", '–', "bull", '•', "trade", '™'));
        REFERENCES.putAll(Map.of("lsquo", '‘', "rsquo", '’', "sbquo", '‚', "ldquo", '“', "rdquo", '”', "bdquo", '„'));
        REFERENCES.putAll(Map.of("zwnj", '\u200c', "zwj", '\u200d', "ensp", '\u2002', "emsp", '\u2003'));
    }

    private enum State {
        TEXT,
        REFERENCE,
        TAG_START,
        TAG_NAME,
        TAG,
        DOUBLE_QUOTED,
        SINGLE_QUOTED,
        DECLARATION,
        COMMENT
    }

    private final Characters out;
    private final StringBuilder name = new StringBuilder();
    private State state = State.TEXT;
    private boolean closing;
    private int dashes;
    private boolean spaceDue;
    private String skippedUntil;

    /** Appends what it finds to {@code out}, which may be emptied between calls. */
    HtmlText(Characters out) {
        this.out = out;
    }

    void write(char[] html, int length) {
        for (int i = 0; i < length; i++) {
            next(html[i]);
        }
    }

    void end() {
        if (state == State.REFERENCE) {
            endReference();
        }
        if (state == State.TAG_START) {
            text('<');
        }
        out.append('\n');
    }

    private void next(char c) {
        switch (state) {
            case TEXT -> inText(c);
            case REFERENCE -> inReference(c);
            case TAG_START -> tagStart(c);
            case TAG_NAME -> tagName(c);
            case TAG -> inTag(c);
            case DOUBLE_QUOTED -> state = c == '"' ? State.TAG : state;
            case SINGLE_QUOTED -> state = c == '\'' ? State.TAG : state;
            case DECLARATION -> inDeclaration(c);
            default -> inComment(c);
        }
    }

    private void inText(char c) {
        if (c == '<') {
            state = State.TAG_START;
        } else if (c == '&' && skippedUntil == null) {
            state = State.REFERENCE;
            name.setLength(0);
        } else {
            text(c);
        }
    }

    private void tagStart(char c) {
        name.setLength(0);
        closing = false;
        if (skippedUntil != null && c != '/') {
            state = State.TEXT;
            inText(c);
        } else if (c == '/') {
            closing = true;
            state = State.TAG_NAME;
        } else if (isLetter(c)) {
            state = State.TAG_NAME;
            tagName(c);
        } else if (c == '!' || c == '?') {
            state = State.DECLARATION;
            dashes = 0;
        } else {
            state = State.TEXT;
            text('<');
            inText(c);
        }
    }

    private void tagName(char c) {
        if (isLetter(c) || c >= '0' && c <= '9') {
            if (name.length() < NAME_CHARACTERS) {
                name.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c));
            }
            return;
        }
        if (skippedUntil != null && !name.toString().equals(skippedUntil)) {
            state = State.TEXT;
            inText(c);
            return;
        }
        state = State.TAG;
        inTag(c);
    }

    private void inTag(char c) {
        if (c == '"') {
            state = State.DOUBLE_QUOTED;
        } else if (c == '\'') {
            state = State.SINGLE_QUOTED;
        } else if (c == '>') {
            endTag();
        }
    }

    private void endTag() {
        state = State.TEXT;
        String tag = name.toString();
        skippedUntil = !closing && NOT_TEXT.contains(tag) ? tag : null;
        if (!INLINE.contains(tag)) {
            spaceDue = true;
        }
    }

    private void inDeclaration(char c) {
        if (c == '-' && ++dashes == 2) {
            state = State.COMMENT;
            dashes = 0;
        } else if (c == '>') {
            state = State.TEXT;
        } else if (c != '-') {
            dashes = -NAME_CHARACTERS;
        }
    }

    private void inComment(char c) {
        if (c == '>' && dashes >= 2) {
            state = State.TEXT;
        }
        dashes = c == '-' ? Math.min(2, dashes + 1) : 0;
    }

    private void inReference(char c) {
        boolean part = isLetter(c) || c >= '0' && c <= '9' || c == '#' && name.length() == 0;
        if (part && name.length() < NAME_CHARACTERS) {
            name.append(c);
            return;
        }
        if (!endReference() || c != ';') {
            inText(c);
        }
    }

    /** False when there is no such reference: then its semicolon is text like the rest of it. */
    private boolean endReference() {
        state = State.TEXT;
        String reference = name.toString();
        if (reference.startsWith("#")) {
            codePoint(numeric(reference));
            return true;
        }
        Character known = REFERENCES.get(reference);
        if (known != null) {
            text(known);
            return true;
        }
        text('&');
        for (int i = 0; i < reference.length(); i++) {
            text(reference.charAt(i));
        }
        return false;
    }

    private static int numeric(String reference) {
        boolean hex = reference.startsWith("#x") || reference.startsWith("#X");
        try {
            return Integer.parseInt(reference.substring(hex ? 2 : 1), hex ? 16 : 10);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    private void codePoint(int codePoint) {
        boolean valid = Character.isValidCodePoint(codePoint) && codePoint != 0;
        for (char c : Character.toChars(valid ? codePoint : 0xFFFD)) {
            text(c);
        }
    }

    private void text(char c) {
        if (skippedUntil != null) {
            return;
        }
        if (c <= ' ' || c == '\u00a0') {
            spaceDue = true;
            return;
        }
        if (spaceDue) {
            out.append(' ');
            spaceDue = false;
        }
        out.append(c);
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
