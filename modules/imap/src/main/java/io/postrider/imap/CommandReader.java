package io.postrider.imap;

import io.postrider.store.Flags;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one framed command by the grammar's names. Every method reads exactly what it names, or throws {@link BadSyntax}
 * saying what was expected at which octet. Never allocates more than the frame holds. RFC 3501 §9
 */
public final class CommandReader {
    /** Flags that one list may name. */
    public static final int MAX_FLAGS = 500;

    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final Map<String, Integer> SYSTEM_FLAGS = Map.of(
            "ANSWERED", Flags.ANSWERED,
            "FLAGGED", Flags.FLAGGED,
            "DELETED", Flags.DELETED,
            "SEEN", Flags.SEEN,
            "DRAFT", Flags.DRAFT);

    private final byte[] octets;
    private final MailboxNames names;
    private String mailboxAsGiven = "";
    private int at;

    /** @param octets a command as {@link CommandFramer} frames it: without its last line end, literals in their place */
    CommandReader(byte[] octets, MailboxNames names) {
        this.octets = octets;
        this.names = names;
    }

    /** For names as the store has them. */
    CommandReader(byte[] octets) {
        this(octets, MailboxNames.SLASHES);
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

    /** tag: any ASTRING-CHAR but "+". */
    String tag() {
        int from = at;
        while (isTagChar(peek())) {
            at++;
        }
        return ascii(from, "tag");
    }

    /** The tag of the command that is read, wherever in it we are. */
    String commandTag() {
        return new CommandReader(octets, names).tag();
    }

    public String atom() {
        int from = at;
        while (isAtomChar(peek())) {
            at++;
        }
        return ascii(from, "atom");
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

    /** mailbox, decoded, any spelling of INBOX turned into "INBOX". RFC 3501 §5.1.3, RFC 9051 §5.1 */
    public String mailbox() {
        byte[] given = astringOctets();
        mailboxAsGiven = names.withoutTrailingSeparator(new String(given, StandardCharsets.UTF_8));
        return names.fromWire(names.decode(given));
    }

    /** The last mailbox in the client's own spelling: what it is to be told under OLDNAME. RFC 9051 §6.3.9.7 */
    String mailboxAsGiven() {
        return mailboxAsGiven;
    }

    /** list-mailbox: a mailbox with wildcards, in Unicode, called as on the wire. */
    public String listMailbox() {
        if (startsString()) {
            return names.decode(string());
        }
        int from = at;
        while (isListChar(peek())) {
            at++;
        }
        return names.decode(ascii(from, "mailbox pattern").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** number, at most 4294967295. */
    public long number() {
        return number(0xFFFF_FFFFL);
    }

    /** mod-sequence-value of 63 bits. RFC 7162 §7 */
    public long number64() {
        return number(Long.MAX_VALUE);
    }

    /** sequence-set, or "$". RFC 5182 §4 */
    public SequenceSet sequenceSet() {
        if (take('$')) {
            return SequenceSet.SAVED;
        }
        List<SequenceSet.Range> ranges = new ArrayList<>();
        do {
            if (ranges.size() == SequenceSet.MAX_RANGES) {
                throw bad("at most " + SequenceSet.MAX_RANGES + " ranges");
            }
            long from = sequenceNumber();
            ranges.add(new SequenceSet.Range(from, take(':') ? sequenceNumber() : from));
        } while (take(','));
        return new SequenceSet(ranges);
    }

    /** flag-list, in parentheses; \Recent is BAD. */
    public Flags flagList() {
        expect('(');
        FlagGatherer flags = new FlagGatherer();
        if (peek() != ')') {
            do {
                flags.read();
            } while (take(' '));
        }
        expect(')');
        return flags.gathered();
    }

    /** What STORE takes: a flag-list, or flags without parentheses. */
    public Flags storeFlags() {
        if (peek() == '(') {
            return flagList();
        }
        FlagGatherer flags = new FlagGatherer();
        do {
            flags.read();
        } while (take(' '));
        return flags.gathered();
    }

    /** date-time, quoted. */
    public Instant dateTime() {
        expect('"');
        take(' ');
        LocalDate date = dateText();
        space();
        int hours = digits(2);
        expect(':');
        int minutes = digits(2);
        expect(':');
        int seconds = digits(2);
        space();
        boolean west = take('-');
        if (!west) {
            expect('+');
        }
        int zone = digits(4);
        expect('"');
        if (zone % 100 > 59) {
            throw bad("zone");
        }
        try {
            // A leap second is the last second of its minute here; there is no other way to keep it.
            return date.atTime(LocalTime.of(hours, minutes, Math.min(seconds, seconds == 60 ? 59 : seconds)))
                    .toInstant(ZoneOffset.UTC)
                    .plusSeconds((west ? 60L : -60L) * (zone / 100 * 60 + zone % 100));
        } catch (DateTimeException e) {
            throw bad("date and time that exist");
        }
    }

    /** date, quoted or not. */
    public LocalDate date() {
        boolean quoted = take('"');
        LocalDate date = dateText();
        if (quoted) {
            expect('"');
        }
        return date;
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

    private long sequenceNumber() {
        if (take('*')) {
            return SequenceSet.STAR;
        }
        if (peek() == '0') {
            throw bad("number above 0");
        }
        return number();
    }

    private LocalDate dateText() {
        int day = digits(isDigit(at + 1 < octets.length ? octets[at + 1] : -1) ? 2 : 1);
        expect('-');
        int month = MONTHS.indexOf(word(3)) + 1;
        expect('-');
        int year = digits(4);
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException e) {
            throw bad("date that exists");
        }
    }

    private String word(int length) {
        int end = Math.min(at + length, octets.length);
        String word = new String(octets, at, end - at, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
        at = end;
        return word;
    }

    private int digits(int count) {
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

    private static boolean isDigit(int octet) {
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

    /** Keeps one of each keyword, whatever its case, without comparing each with each. */
    private final class FlagGatherer {
        private int bits;
        private final Map<String, String> keywords = new LinkedHashMap<>();
        private int count;

        void read() {
            if (++count > MAX_FLAGS) {
                throw bad("at most " + MAX_FLAGS + " flags");
            }
            if (!take('\\')) {
                String keyword = atom();
                keywords.putIfAbsent(keyword.toLowerCase(Locale.ROOT), keyword);
                return;
            }
            // flag-extension: servers must not make up or take any that no RFC names.
            Integer bit = SYSTEM_FLAGS.get(atom().toUpperCase(Locale.ROOT));
            if (bit == null) {
                throw bad("flag that a client may set");
            }
            bits |= bit;
        }

        Flags gathered() {
            return new Flags(bits, List.copyOf(keywords.values()));
        }
    }
}
