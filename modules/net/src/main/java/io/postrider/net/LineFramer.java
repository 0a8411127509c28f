package io.postrider.net;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Cuts octets into lines ended by LF or CRLF, within a limit. A line beyond it is thrown away up to its end and reported
 * once, so that the conversation goes on. For POP3, SMTP and LMTP commands.
 *
 * <p>Every octet is looked at once, however they are cut. Nothing is held between whole lines.
 */
public final class LineFramer {
    /** Takes what is framed. */
    public interface Sink {
        /** A line without its end. */
        void line(byte[] line);

        void lineTooLong();
    }

    private static final byte[] NOTHING = {};

    private final int maxLine;
    private final Sink sink;

    // What came and is not handed over: held[start..end); up to scanned there is no LF in it.
    private byte[] held = NOTHING;
    private int start;
    private int scanned;
    private int end;

    private boolean discarding;
    private boolean stopped;
    private boolean handingOver;

    /** @param maxLine octets of a line, its end included */
    public LineFramer(int maxLine, Sink sink) {
        this.maxLine = maxLine;
        this.sink = sink;
    }

    /**
     * Hands over the lines in these octets, as many as the sink wants: it may {@link #stop} in between, and what lies
     * behind stays for {@link #takeRest} or {@link #go}.
     */
    public void feed(Buffer octets) {
        int length = octets.length();
        makeRoom(length);
        octets.getBytes(0, length, held, end);
        end += length;
        handOver();
    }

    /** Hands over no further line until {@link #go}. */
    public void stop() {
        stopped = true;
    }

    public void go() {
        stopped = false;
        handOver();
    }

    /** Octets held and not handed over. */
    public int unread() {
        return end - start;
    }

    /** Gives up the octets held, for who reads something other than lines now (DATA, BDAT). */
    public Buffer takeRest() {
        Buffer rest = Buffer.buffer(Arrays.copyOfRange(held, start, end));
        forget();
        return rest;
    }

    private void handOver() {
        if (handingOver) {
            return;
        }
        handingOver = true;
        try {
            while (!stopped && nextLine()) {
                // Each turn hands over one line.
            }
        } finally {
            handingOver = false;
        }
        if (start == end) {
            forget();
        } else if (start > 0 && !stopped) {
            keepOnlyUnread();
        }
    }

    private boolean nextLine() {
        while (scanned < end && held[scanned] != '\n') {
            scanned++;
        }
        if (scanned == end) {
            checkUnfinishedLine();
            return false;
        }
        int from = start;
        int lineFeed = scanned;
        scanned++;
        start = scanned;
        if (discarding) {
            discarding = false;
        } else if (start - from > maxLine) {
            sink.lineTooLong();
        } else {
            boolean crlf = lineFeed > from && held[lineFeed - 1] == '\r';
            sink.line(Arrays.copyOfRange(held, from, crlf ? lineFeed - 1 : lineFeed));
        }
        return true;
    }

    private void checkUnfinishedLine() {
        // Its LF would be one more octet.
        if (!discarding && end - start >= maxLine) {
            discarding = true;
            start = end;
            sink.lineTooLong();
        } else if (discarding) {
            start = end;
        }
    }

    private void makeRoom(int octets) {
        if (held.length - end >= octets) {
            return;
        }
        int unread = end - start;
        byte[] larger = new byte[Math.max(unread + octets, 2 * unread)];
        System.arraycopy(held, start, larger, 0, unread);
        held = larger;
        scanned -= start;
        start = 0;
        end = unread;
    }

    /** A client that rests in the middle of a line holds no more than that. */
    private void keepOnlyUnread() {
        held = Arrays.copyOfRange(held, start, end);
        end -= start;
        scanned = end;
        start = 0;
    }

    private void forget() {
        held = NOTHING;
        start = 0;
        scanned = 0;
        end = 0;
    }
}
