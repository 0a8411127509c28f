package io.postrider.imap;

import io.netty.buffer.Unpooled;
import io.postrider.imap.Framed.Begun;
import io.postrider.imap.Framed.Unreadable;
import io.postrider.imap.Framed.Whole;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Cuts a client's octets into commands: lines ended by CRLF or a bare LF, with the literals that lines may end in. RFC 3501
 * §2.2.1, §4.3; RFC 7888
 *
 * <p>What is easy to get wrong: a refused non-synchronising literal comes all the same and must be thrown away, and the
 * rest of its command with it; a refused synchronising one never comes, and what follows is a new command.
 */
final class CommandFramer {
    /** Takes what is framed. */
    interface Sink {
        void framed(Framed framed);

        /** Octets held back were taken after all: there may be room to read more. */
        void advanced();

        /** Nothing can be framed any more. */
        void broke(Throwable cause);
    }

    /** Knows which literals are streamed. */
    @FunctionalInterface
    interface MessageLiterals {
        /**
         * Whether the literal in whose head the octets end is a message or a part of one.
         *
         * @param octets the command so far, or with {@code continuing} what came behind such a literal
         */
        boolean endIn(byte[] octets, boolean continuing);
    }

    private enum Mode {
        LINE,
        KEEP,
        STREAM,
        DISCARD
    }

    /** Octets of a refused line that are kept, to see whether it ends in a literal. */
    private static final int TAIL = 32;

    private static final int SMALL_FRAME = 256;
    private static final byte[] NOTHING = {};

    private final int maxLiterals;
    private final int maxCommand;
    private final long maxNonSynchronising;
    private final MessageLiterals messages;
    private final Sink sink;
    private int maxLine;
    private int maxLiteral;

    private byte[] input = NOTHING;
    private int from;

    private byte[] frame = new byte[SMALL_FRAME];
    private int length;
    private int lineStart;
    private int literals;

    private Mode mode = Mode.LINE;
    /** Octets of the literal still to come. */
    private long remaining;
    /** Set while a command beyond a bound goes by. */
    private Unreadable refused;
    /** Set while a command that has had its reply goes by. */
    private boolean abandoned;
    /** Set while a literal waits for a decision. */
    private Literal undecided;

    /** Set once the command has had a message streamed: others may follow. RFC 3502, RFC 4469 */
    private boolean hasStreamed;

    private Function<Buffer, Future<Void>> taker;
    private Promise<Void> streamed;
    private boolean taking;
    /** Set once the taker has failed: nothing more is taken until the command has had its reply. */
    private boolean halted;

    private boolean stopped;
    private boolean advancing;

    CommandFramer(ImapLimits limits, MessageLiterals messages, Sink sink) {
        this.maxLine = limits.maxLineBeforeLogin();
        this.maxLiteral = limits.maxLiteralBeforeLogin();
        this.maxLiterals = limits.maxLiterals();
        this.maxCommand = limits.maxCommand();
        this.maxNonSynchronising = limits.literalMinus() ? Literal.MAX_OF_LITERAL_MINUS : Long.MAX_VALUE;
        this.messages = messages;
        this.sink = sink;
    }

    /** The client has shown who it is, and may send longer commands. */
    void loggedIn(ImapLimits limits) {
        maxLine = limits.maxLine();
        maxLiteral = limits.maxLiteral();
    }

    /** It is nobody again. */
    void loggedOut(ImapLimits limits) {
        maxLine = limits.maxLineBeforeLogin();
        maxLiteral = limits.maxLiteralBeforeLogin();
    }

    void feed(Buffer octets) {
        if (held() == 0) {
            input = octets.getBytes();
        } else {
            int held = held();
            byte[] joined = Arrays.copyOfRange(input, from, from + held + octets.length());
            octets.getBytes(joined, held);
            input = joined;
        }
        from = 0;
        advance();
    }

    /** Frames nothing more until {@link #go}. */
    void stop() {
        stopped = true;
    }

    void go() {
        stopped = false;
        advance();
    }

    /** Octets that came and are not framed because something must happen first. */
    int held() {
        return input.length - from;
    }

    /** Whether a message's octets are still to come, and none of them waits to be taken. */
    boolean awaitsMessage() {
        return streamed != null && !taking && held() == 0;
    }

    /** Octets that came and are no whole command yet. */
    int unread() {
        return held() + length;
    }

    /** Whether all has come of a command's literal and nothing of what follows it. */
    boolean isBehindLiteral() {
        return mode == Mode.LINE
                && held() == 0
                && undecided == null
                && length == lineStart
                && (length > 0 || hasStreamed);
    }

    /** Takes the literal at the end of what was begun into the command. */
    void keep() {
        remaining = undecided.size();
        undecided = null;
        mode = remaining == 0 ? Mode.LINE : Mode.KEEP;
        advance();
    }

    /**
     * Gives the literal at the end of what was begun to the taker, no faster than its futures complete. What follows is
     * framed by itself.
     */
    Future<Void> stream(Function<Buffer, Future<Void>> taker) {
        this.taker = taker;
        remaining = undecided.size();
        undecided = null;
        hasStreamed = true;
        length = 0;
        lineStart = 0;
        mode = Mode.STREAM;
        Promise<Void> done = Promise.promise();
        streamed = done;
        if (remaining == 0) {
            endStream();
        }
        advance();
        return done.future();
    }

    /** The command that was begun has had its reply, and its last literal is not taken whole: lets the rest of it go by. */
    void abandon() {
        if (undecided != null && undecided.synchronising()) {
            undecided = null;
            nextCommand();
            advance();
            return;
        }
        if (undecided != null) {
            remaining = undecided.size();
        }
        undecided = null;
        streamed = null;
        taker = null;
        halted = false;
        abandoned = true;
        length = 0;
        lineStart = 0;
        mode = remaining == 0 ? Mode.LINE : Mode.DISCARD;
        advance();
    }

    /** The connection is gone: whoever takes a literal now will not have it whole. */
    void closed() {
        halted = true;
        if (streamed != null) {
            Promise<Void> failed = streamed;
            streamed = null;
            failed.fail(new ClosedChannelException());
        }
    }

    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (!stopped && undecided == null && !taking && !halted && held() > 0) {
                switch (mode) {
                    case LINE -> line();
                    case KEEP -> keepOctets();
                    case STREAM -> streamOctets();
                    case DISCARD -> discardOctets();
                    default -> throw new IllegalStateException(mode.name());
                }
            }
        } finally {
            advancing = false;
        }
        if (held() == 0) {
            input = NOTHING;
            from = 0;
        }
    }

    private void line() {
        int end = from;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        boolean whole = end < input.length;
        int octets = (whole ? end + 1 : end) - from;
        if (!goesBy() && length - lineStart + octets > maxLine) {
            append(Math.max(0, maxLine - (length - lineStart)));
            refuse("BAD", "", "Line longer than " + maxLine + " octets");
            octets = (whole ? end + 1 : end) - from;
        } else if (!goesBy() && length + octets > maxCommand) {
            refuse("BAD", "", "Command longer than " + maxCommand + " octets");
        }
        append(octets);
        if (whole) {
            lineEnded();
        }
    }

    private void lineEnded() {
        int end = length - 1;
        if (end > lineStart && frame[end - 1] == '\r') {
            end--;
        }
        Literal literal = Literal.endOf(frame, end);
        if (literal != null && literal.headStart() >= lineStart) {
            literalAnnounced(literal, end);
        } else if (goesBy()) {
            endRefused();
        } else {
            emit(new Whole(Arrays.copyOf(frame, end)));
        }
    }

    private void literalAnnounced(Literal literal, int end) {
        if (goesBy()) {
            letGoBy(literal);
        } else if (!literal.synchronising() && literal.size() > maxNonSynchronising) {
            // RFC 7888 §5
            refuse("BAD", "TOOBIG", "A literal larger than " + maxNonSynchronising + " octets must be asked for");
            letGoBy(literal);
        } else if (literal.size() > Literal.MAX_SIZE) {
            refuse("BAD", "", "Literal larger than " + Literal.MAX_SIZE + " octets");
            letGoBy(literal);
        } else if (messages.endIn(Arrays.copyOf(frame, end), hasStreamed)) {
            begin(literal, end, true);
        } else if (literal.size() > maxLiteral || length + literal.size() > maxCommand) {
            // RFC 7888 §4 leaves us the choice to take the octets and refuse; TOOBIG says why. RFC 4469 §4.2
            refuse("NO", "TOOBIG", "Literal larger than " + maxLiteral + " octets");
            letGoBy(literal);
        } else if (++literals > maxLiterals) {
            refuse("BAD", "", "More than " + maxLiterals + " literals");
            letGoBy(literal);
        } else if (literal.synchronising()) {
            begin(literal, end, false);
        } else {
            lineStart = length;
            remaining = literal.size();
            mode = remaining == 0 ? Mode.LINE : Mode.KEEP;
        }
    }

    private void begin(Literal literal, int end, boolean streams) {
        undecided = literal;
        lineStart = length;
        sink.framed(new Begun(Arrays.copyOf(frame, end), literal, streams));
    }

    private void letGoBy(Literal literal) {
        if (literal.synchronising()) {
            endRefused();
            return;
        }
        if (literal.size() > Literal.MAX_SIZE) {
            // Nobody sends so much: where the next command starts cannot be known.
            emit(new Unreadable(
                    refused == null ? "*" : refused.tag(), "BAD", "", "Literal larger than can be skipped", true));
            stop();
            return;
        }
        length = 0;
        lineStart = 0;
        remaining = literal.size();
        mode = remaining == 0 ? Mode.LINE : Mode.DISCARD;
    }

    private void keepOctets() {
        int octets = (int) Math.min(remaining, held());
        append(octets);
        remaining -= octets;
        if (remaining == 0) {
            mode = Mode.LINE;
            lineStart = length;
        }
    }

    private void discardOctets() {
        int octets = (int) Math.min(remaining, held());
        from += octets;
        remaining -= octets;
        if (remaining == 0) {
            mode = Mode.LINE;
        }
    }

    private void streamOctets() {
        int octets = (int) Math.min(remaining, held());
        Buffer slice = BufferInternal.buffer(Unpooled.wrappedBuffer(input, from, octets));
        from += octets;
        remaining -= octets;
        Future<Void> taken = offer(slice);
        if (taken.succeeded()) {
            taken(taken);
            return;
        }
        taking = true;
        taken.onComplete(result -> {
            try {
                taking = false;
                taken(taken);
                advance();
                sink.advanced();
            } catch (RuntimeException e) {
                sink.broke(e);
            }
        });
    }

    private Future<Void> offer(Buffer slice) {
        try {
            return taker.apply(slice);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void taken(Future<Void> taken) {
        if (streamed == null) {
            return;
        }
        if (taken.failed()) {
            halted = true;
            Promise<Void> failed = streamed;
            streamed = null;
            failed.fail(taken.cause());
        } else if (remaining == 0) {
            endStream();
        }
    }

    private void endStream() {
        mode = Mode.LINE;
        Promise<Void> done = streamed;
        streamed = null;
        taker = null;
        done.complete();
    }

    /** Takes octets into the frame; of a command that goes by, only the end of the line is kept. */
    private void append(int octets) {
        if (goesBy()) {
            keepTail(octets);
            return;
        }
        if (length + octets > frame.length) {
            frame = Arrays.copyOf(frame, Math.max(frame.length * 2, length + octets));
        }
        System.arraycopy(input, from, frame, length, octets);
        length += octets;
        from += octets;
    }

    private void keepTail(int octets) {
        int taken = Math.min(octets, TAIL);
        int kept = Math.min(length, TAIL - taken);
        byte[] tail = new byte[taken + kept];
        System.arraycopy(frame, length - kept, tail, 0, kept);
        System.arraycopy(input, from + octets - taken, tail, kept, taken);
        System.arraycopy(tail, 0, frame, 0, tail.length);
        length = tail.length;
        lineStart = 0;
        from += octets;
    }

    private boolean goesBy() {
        return refused != null || abandoned;
    }

    private void refuse(String condition, String code, String text) {
        refused = new Unreadable(tag(), condition, code, text, false);
    }

    private void endRefused() {
        if (abandoned) {
            nextCommand();
        } else {
            emit(refused);
        }
    }

    private void emit(Framed framed) {
        nextCommand();
        sink.framed(framed);
    }

    private void nextCommand() {
        length = 0;
        lineStart = 0;
        literals = 0;
        refused = null;
        abandoned = false;
        hasStreamed = false;
        mode = Mode.LINE;
        if (frame.length > SMALL_FRAME) {
            // A long command must not cost an idle connection its memory.
            frame = new byte[SMALL_FRAME];
        }
    }

    private String tag() {
        int end = 0;
        while (end < length && CommandReader.isTagChar(frame[end] & 0xFF)) {
            end++;
        }
        boolean whole = end > 0 && end < length && frame[end] == ' ';
        return whole ? new String(frame, 0, end, StandardCharsets.US_ASCII) : "*";
    }
}
