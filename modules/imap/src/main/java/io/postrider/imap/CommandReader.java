package io.postrider.imap;

import io.postrider.store.Flags;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one framed command by the grammar's names: what is made of {@link TokenReader}'s words, as mailboxes, sets, flags and dates.
 * RFC 3501 §9
 */
public final class CommandReader extends TokenReader {
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

    private final MailboxNames names;
    private String mailboxAsGiven = "";

    /** @param octets a command as {@link CommandFramer} frames it: without its last line end, literals in their place */
    CommandReader(byte[] octets, MailboxNames names) {
        super(octets);
        this.names = names;
    }

    /** For names as the store has them. */
    CommandReader(byte[] octets) {
        this(octets, MailboxNames.SLASHES);
    }

    /** The tag of the command that is read, wherever in it we are. */
    String commandTag() {
        return new CommandReader(octets(), names).tag();
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
        return names.decode(listMailboxOctets());
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
        int day = digits(isDigit(peekBehind()) ? 2 : 1);
        expect('-');
        int month = MONTHS.indexOf(letters(3)) + 1;
        expect('-');
        int year = digits(4);
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException e) {
            throw bad("date that exists");
        }
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
