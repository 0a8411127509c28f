package io.postrider.imap;

import java.util.OptionalLong;

/** The ids of RFC 8474: a letter, so that no two kinds are alike, and a number of the store's. */
enum ObjectId {
    MAILBOX('F'),
    EMAIL('M'),
    THREAD('T');

    /** Characters of an objectid. RFC 8474 §7 */
    private static final int MAX_LENGTH = 255;
    /** Digits that surely fit into a long. */
    private static final int MAX_DIGITS = 18;

    private final char letter;

    ObjectId(char letter) {
        this.letter = letter;
    }

    String of(long number) {
        return letter + Long.toString(number);
    }

    /** Reads an objectid; empty when it is well formed and not one that we would have given. */
    OptionalLong read(CommandReader reader) {
        String id = reader.atom();
        if (id.length() > MAX_LENGTH || !id.chars().allMatch(ObjectId::isIdChar)) {
            throw reader.bad("object id before");
        }
        String digits = id.substring(1);
        boolean ours = id.charAt(0) == letter
                && !digits.isEmpty()
                && digits.length() <= MAX_DIGITS
                && digits.charAt(0) != '0'
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return ours ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    private static boolean isIdChar(int c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || c == '-';
    }
}
