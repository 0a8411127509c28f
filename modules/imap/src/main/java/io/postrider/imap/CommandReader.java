package io.postrider.imap;

import io.postrider.store.Flags;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Reads one framed command by the grammar's names. Every method reads exactly what it names, or throws {@link BadSyntax}
 * saying what was expected at which octet. Never allocates more than the frame holds. RFC 3501 §9
 */
public final class CommandReader {
    /** True when nothing is left. */
    public boolean atEnd() {
        throw new UnsupportedOperationException();
    }

    /** Nothing may be left. Ignores trailing spaces, which some clients send. */
    public void end() {
        throw new UnsupportedOperationException();
    }

    /** The next octet without taking it; -1 at the end. */
    public int peek() {
        throw new UnsupportedOperationException();
    }

    /** Takes the octet if it is next. */
    public boolean take(char octet) {
        throw new UnsupportedOperationException();
    }

    /** The octet must be next. */
    public void expect(char octet) {
        throw new UnsupportedOperationException();
    }

    /** SP */
    public void space() {
        expect(' ');
    }

    /** Takes the word, in any case, if it is next and ends there. */
    public boolean takeWord(String word) {
        throw new UnsupportedOperationException();
    }

    /** A run of letters, digits, '.', '-' and '_', in upper case: names of commands, items, search keys. */
    public String word() {
        throw new UnsupportedOperationException();
    }

    public String atom() {
        throw new UnsupportedOperationException();
    }

    /** astring, octets as they came, one char each. */
    public String astring() {
        throw new UnsupportedOperationException();
    }

    /** astring in UTF-8 or US-ASCII, decoded; malformed UTF-8 is BAD. */
    public String text() {
        throw new UnsupportedOperationException();
    }

    /** nstring; null for NIL. */
    public String nstring() {
        throw new UnsupportedOperationException();
    }

    /** string: quoted or literal; its octets. */
    public byte[] string() {
        throw new UnsupportedOperationException();
    }

    /** mailbox, turned from modified UTF-7 into Unicode, any spelling of INBOX into "INBOX". RFC 3501 §5.1.3 */
    public String mailbox() {
        throw new UnsupportedOperationException();
    }

    /** list-mailbox: a mailbox with wildcards, in Unicode. */
    public String listMailbox() {
        throw new UnsupportedOperationException();
    }

    /** number, at most 4294967295. */
    public long number() {
        throw new UnsupportedOperationException();
    }

    /** mod-sequence-value of 63 bits. RFC 7162 §7 */
    public long number64() {
        throw new UnsupportedOperationException();
    }

    public SequenceSet sequenceSet() {
        throw new UnsupportedOperationException();
    }

    /** flag-list, in parentheses; \Recent is BAD. */
    public Flags flagList() {
        throw new UnsupportedOperationException();
    }

    /** What STORE takes: a flag-list, or flags without parentheses. */
    public Flags storeFlags() {
        throw new UnsupportedOperationException();
    }

    /** date-time, quoted. */
    public Instant dateTime() {
        throw new UnsupportedOperationException();
    }

    /** date, quoted or not. */
    public LocalDate date() {
        throw new UnsupportedOperationException();
    }

    /** Octets read so far, for messages. */
    public int position() {
        throw new UnsupportedOperationException();
    }
}
