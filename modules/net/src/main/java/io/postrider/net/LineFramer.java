package io.postrider.net;

import io.vertx.core.buffer.Buffer;

/**
 * Cuts octets into lines ended by LF or CRLF, within a limit. A line beyond it is thrown away up to its end and reported
 * once, so that the conversation goes on. For POP3, SMTP and LMTP commands.
 */
public final class LineFramer {
    /** Takes what is framed. */
    public interface Sink {
        /** A line without its end. */
        void line(byte[] line);

        void lineTooLong();
    }

    /** @param maxLine octets of a line, its end included */
    public LineFramer(int maxLine, Sink sink) {}

    /**
     * Hands over the lines in these octets, as many as the sink wants: it may {@link #stop} in between, and what lies
     * behind stays for {@link #takeRest} or {@link #go}.
     */
    public void feed(Buffer octets) {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Hands over no further line until {@link #go}. */
    public void stop() {
        throw new UnsupportedOperationException("written by the net module");
    }

    public void go() {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Octets held and not handed over. */
    public int unread() {
        throw new UnsupportedOperationException("written by the net module");
    }

    /** Gives up the octets held, for who reads something other than lines now (DATA, BDAT). */
    public Buffer takeRest() {
        throw new UnsupportedOperationException("written by the net module");
    }
}
