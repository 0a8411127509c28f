package io.postrider.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The grammar's smallest words, read from one framed command: atoms, strings, numbers. Every method reads exactly what it names,
 * or throws {@link BadSyntax} saying what was expected at which octet. Never allocates more than the frame holds. RFC 3501 §9
 */
abstract class TokenReader {
    private final byte[] octets;
    private int at;

    TokenReader(byte[] octets) {
        this.octets = octets;
    }

    byte[] octets() {
        return octets;
    }

    /** True when nothing is left. */
    public boolean atEnd() {
        return at == octets.length;
    }

    /** Nothing may be left. Ignores trailing spaces, which some clients send. */
    public void end() {
        while (take(' ')) {
            // nothing else
        }
        if (!atEnd()) {
            throw bad("end of command");
        }
    }

    /** The next octet without taking it; -1 at the end. */
    public int peek() {
        return at < octets.length ? octets[at] & 0xFF : -1;
    }

    /** The octet behind the next; -1 at the end. */
    int peekBehind() {
        return at + 1 < octets.length ? octets[at + 1] & 0xFF : -1;
    }

    /** Takes the octet if it is next. */
    public boolean take(char octet) {
        if (peek() == octet) {
            at++;
            return true;
        }
        return false;
    }

    /** The octet must be next. */
    public void expect(char octet) {
        if (!take(octet)) {
            throw bad(
                    switch (octet) {
                        case ' ' -> "space";
                        case '\n' -> "line end";
                        default -> "'" + octet + "'";
                    });
        }
    }

    /** SP */
    public void space() {
        expect(' ');
    }

    /** Takes the word, in any case, if it is next and ends there. */
    public boolean takeWord(String word) {
        int end = at + word.length();
        if (end > octets.length || end < octets.length && isWordChar(octets[end] & 0xFF)) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (upper(octets[at + i] & 0xFF) != upper(word.charAt(i))) {
                return false;
            }
        }
        at = end;
        return true;
    }

    /** A run of letters, digits, '.', '-' and '_', in upper case: names of commands, items, search keys. */
    public String word() {
        int from = at;
        while (isWordChar(peek())) {
            at++;
        }
        return ascii(from, "word").toUpperCase(Locale.ROOT);
    }

    public String atom() {
        int from = at;
        while (isAtomChar(peek())) {
            at++;
        }
        return ascii(from, "atom");
    }

    /** tag: any ASTRING-CHAR but "+". */
    String tag() {
        int from = at;
        while (isTagChar(peek())) {
            at++;
        }
        return ascii(from, "tag");
    }

    /** astring, octets as they came, one char each. */
    public String astring() {
        return new String(astringOctets(), StandardCharsets.ISO_8859_1);
    }

    /** astring in UTF-8 or US-ASCII, decoded; malformed UTF-8 is BAD. */
    public String text() {
        return utf8(astringOctets());
    }

    /** nstring; null for NIL. */
    public String nstring() {
        return takeWord("NIL") ? null : utf8(string());
    }

    /** string: quoted or literal; its octets. */
    public byte[] string() {
        return switch (peek()) {
            case '"' -> quoted();
            case '{' -> literal();
            default -> throw bad("string");
        };
    }

    /** list-mailbox, as octets: with wildcards, or a string. */
    byte[] listMailboxOctets() {
        if (startsString()) {
            return string();
        }
        int from = at;
        while (isListChar(peek())) {
            at++;
        }
        return ascii(from, "mailbox pattern").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** number, at most 4294967295. */
    public long number() {
        return number(0xFFFF_FFFFL);
    }

    /** mod-sequence-value of 63 bits. RFC 7162 §7 */
    public long number64() {
        return number(Long.MAX_VALUE);
    }

    /**
     * The head of a literal that the frame ends in and whose octets are still to come, as a message's; empty frames have none.
     */
    Literal literalToCome() {
        Literal literal = at < octets.length ? Literal.endOf(octets, octets.length) : null;
        if (literal == null || literal.headStart() != at) {
            throw bad("literal");
        }
        at = octets.length;
        return literal;
    }

    /** Octets read so far, for messages. */
    public int position() {
        return at;
    }

    BadSyntax bad(String expected) {
        return new BadSyntax("Expected " + expected + " at octet " + (at + 1));
    }

    /** astring, as octets. */
    byte[] astringOctets() {
        if (startsString()) {
            return string();
        }
        int from = at;
        while (isAstringChar(peek())) {
            at++;
        }
        if (at == from) {
            throw bad("astring");
        }
        return Arrays.copyOfRange(octets, from, at);
    }

    private boolean startsString() {
        return peek() == '"' || peek() == '{';
    }

    private byte[] quoted() {
        expect('"');
        byte[] text = new byte[octets.length - at];
        int length = 0;
        while (!take('"')) {
            if (take('\\') && peek() != '"' && peek() != '\\') {
                throw bad("'\"' or '\\'");
            }
            int octet = peek();
            if (octet < 0 || octet == 0 || octet == '\r' || octet == '\n') {
                throw bad("end of quoted string");
            }
            text[length++] = (byte) octet;
            at++;
        }
        return Arrays.copyOf(text, length);
    }

    private byte[] literal() {
        expect('{');
        long length = number();
        take('+');
        expect('}');
        take('\r');
        expect('\n');
        if (length > octets.length - at) {
            throw bad("literal of " + length + " octets");
        }
        byte[] literal = Arrays.copyOfRange(octets, at, at + (int) length);
        for (byte octet : literal) {
            if (octet == 0) {
                // CHAR8 leaves out NUL. RFC 3501 §9
                throw bad("literal without NUL");
            }
        }
        at += (int) length;
        return literal;
    }

    private long number(long max) {
        int from = at;
        long number = 0;
        while (isDigit(peek())) {
            int digit = peek() - '0';
            if (number > (max - digit) / 10) {
                throw bad("number of at most " + max);
            }
            number = number * 10 + digit;
            at++;
        }
        if (at == from) {
            throw bad("number");
        }
        return number;
    }

    /** Just so many octets, in upper case. */
    String letters(int length) {
        int end = Math.min(at + length, octets.length);
        String word = new String(octets, at, end - at, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
        at = end;
        return word;
    }

    /** A number of just so many digits. */
    int digits(int count) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            if (!isDigit(peek())) {
                throw bad("digit");
            }
            number = number * 10 + peek() - '0';
            at++;
        }
        return number;
    }

    private String ascii(int from, String expected) {
        if (at == from) {
            throw bad(expected);
        }
        return new String(octets, from, at - from, StandardCharsets.ISO_8859_1);
    }

    /** @throws BadSyntax when it is no UTF-8 */
    static String utf8(byte[] text) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadSyntax("Expected UTF-8");
        }
    }

    static boolean isDigit(int octet) {
        return octet >= '0' && octet <= '9';
    }

    private static boolean isWordChar(int octet) {
        return isDigit(octet)
                || octet >= 'A' && octet <= 'Z'
                || octet >= 'a' && octet <= 'z'
                || octet == '.'
                || octet == '-'
                || octet == '_';
    }

    /** ATOM-CHAR: no atom-specials and no 8-bit octets. */
    private static boolean isAtomChar(int octet) {
        return octet > ' ' && octet < 0x7F && "(){%*\"\\]".indexOf(octet) < 0;
    }

    private static boolean isAstringChar(int octet) {
        return isAtomChar(octet) || octet == ']';
    }

    static boolean isTagChar(int octet) {
        return isAstringChar(octet) && octet != '+';
    }

    private static boolean isListChar(int octet) {
        return isAstringChar(octet) || octet == '%' || octet == '*';
    }

    private static int upper(int octet) {
        return octet >= 'a' && octet <= 'z' ? octet - 32 : octet;
    }
}
