package io.postrider.imap;

import io.netty.buffer.Unpooled;
import io.postrider.store.Flags;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/** Writes responses into one buffer, to be handed to the connection whole. RFC 3501 §9 */
public final class ResponseWriter {
    /** Characters that go into a quoted string; longer ones are literals. */
    private static final int MAX_QUOTED = 1000;

    private static final int[] SYSTEM_BITS = {Flags.ANSWERED, Flags.FLAGGED, Flags.DELETED, Flags.SEEN, Flags.DRAFT};
    private static final String[] SYSTEM_FLAGS = {"\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private static final byte[] NONE = {};
    private static final int AT_FIRST = 128;

    private final MailboxNames names;
    private byte[] octets = NONE;
    private int length;
    /** What was taken last: what comes next is likely to be as much. */
    private int expected = AT_FIRST;

    ResponseWriter(MailboxNames names) {
        this.names = names;
    }

    /** Calls mailboxes as the store does. */
    public ResponseWriter() {
        this(MailboxNames.SLASHES);
    }

    /** Octets as they are, one for each char. */
    public ResponseWriter raw(String ascii) {
        int count = ascii.length();
        room(count);
        for (int i = 0; i < count; i++) {
            octets[length + i] = (byte) ascii.charAt(i);
        }
        length += count;
        return this;
    }

    public ResponseWriter raw(Buffer buffer) {
        room(buffer.length());
        buffer.getBytes(octets, length);
        length += buffer.length();
        return this;
    }

    public ResponseWriter number(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("Negative number " + number);
        }
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        room(digits);
        long rest = number;
        for (int i = length + digits - 1; i >= length; i--) {
            octets[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** Quoted when it may be, else a literal; UTF-8. RFC 6855 §3 */
    public ResponseWriter string(String text) {
        int highest = names.inUtf8() ? Character.MAX_VALUE : 0x7E;
        if (text.length() > MAX_QUOTED || !text.chars().allMatch(c -> c >= 0x20 && c != 0x7F && c <= highest)) {
            return literal(Buffer.buffer(text));
        }
        byte[] quoted = text.getBytes(StandardCharsets.UTF_8);
        room(2 * quoted.length + 2);
        octets[length++] = '"';
        for (byte octet : quoted) {
            if (octet == '"' || octet == '\\') {
                octets[length++] = '\\';
            }
            octets[length++] = octet;
        }
        octets[length++] = '"';
        return this;
    }

    /** As {@link #string}, NIL for null. */
    public ResponseWriter nstring(String text) {
        return text == null ? raw("NIL") : string(text);
    }

    /** A literal's head and octets. */
    public ResponseWriter literal(Buffer literal) {
        return literalHead(literal.length()).raw(literal);
    }

    /** A literal's head alone: the octets follow in pieces. */
    public ResponseWriter literalHead(long count) {
        return raw("{").number(count).raw("}").crlf();
    }

    /** A mailbox's name: an atom where it may be, else a string. */
    public ResponseWriter mailbox(String name) {
        return listed(names.toWire(name));
    }

    /** A name as clients call it, to be encoded only. */
    ResponseWriter listed(String wireName) {
        String encoded = names.encode(wireName);
        boolean atom = !encoded.isEmpty()
                && !encoded.equalsIgnoreCase("NIL")
                && encoded.chars().allMatch(CommandReader::isTagChar);
        return atom ? raw(encoded) : string(encoded);
    }

    /** A parenthesised list of flags. */
    public ResponseWriter flags(Flags flags, boolean recent) {
        raw("(");
        int start = length;
        for (int i = 0; i < SYSTEM_BITS.length; i++) {
            if (flags.has(SYSTEM_BITS[i])) {
                next(start).raw(SYSTEM_FLAGS[i]);
            }
        }
        if (recent) {
            next(start).raw("\\Recent");
        }
        for (String keyword : flags.keywords()) {
            next(start).raw(keyword);
        }
        return raw(")");
    }

    /** date-time, quoted, in UTC. */
    public ResponseWriter dateTime(Instant instant) {
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        raw("\"");
        raw(time.getDayOfMonth() < 10 ? " " : "").number(time.getDayOfMonth());
        raw("-").raw(MONTHS[time.getMonthValue() - 1]).raw("-");
        twoDigits(time.getYear() / 100).twoDigits(time.getYear() % 100).raw(" ");
        twoDigits(time.getHour()).raw(":").twoDigits(time.getMinute()).raw(":").twoDigits(time.getSecond());
        return raw(" +0000\"");
    }

    public ResponseWriter crlf() {
        return raw("\r\n");
    }

    /** Octets written. */
    public int length() {
        return length;
    }

    /** What was written; the writer is empty afterwards. */
    public Buffer take() {
        Buffer taken = BufferInternal.buffer(Unpooled.wrappedBuffer(octets, 0, length));
        expected = Math.max(AT_FIRST, length);
        octets = NONE;
        length = 0;
        return taken;
    }

    private ResponseWriter next(int start) {
        return length > start ? raw(" ") : this;
    }

    private ResponseWriter twoDigits(int number) {
        return raw(number < 10 ? "0" : "").number(number);
    }

    private void room(int count) {
        if (octets.length - length < count) {
            octets = Arrays.copyOf(octets, Math.max(Math.max(octets.length * 2, expected), length + count));
        }
    }
}
