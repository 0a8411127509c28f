package io.postrider.pop3;

import io.vertx.core.buffer.Buffer;

/**
 * A message's octets as the lines of a response: a dot before each dot that begins a line, and a dot alone behind it all.
 * RFC 1939 §3. Pure; the octets may be cut anywhere.
 *
 * <p>A message that came by IMAP may hold bare LFs. They are sent as they are, so that the octets and their count are those of
 * LIST; and a dot behind one is stuffed too, so that neither a client that reads lines by CRLF nor one that reads them by LF
 * ever takes a line of the message for the end of the response.
 */
final class MessageLines {
    private static final Buffer END = Buffer.buffer(".\r\n");
    private static final Buffer END_OF_LINE_AND_END = Buffer.buffer("\r\n.\r\n");
    /** What Dovecot, too, sends for a NUL. */
    private static final byte INSTEAD_OF_NUL = (byte) 0x80;

    private final boolean replaceNuls;
    /** of the body still to be sent; negative for all */
    private long bodyLines;

    private boolean inHeader = true;
    private boolean finished;
    private boolean lineIsEmpty = true;
    private byte last = '\n';
    private byte lastButOne = '\r';

    private MessageLines(long bodyLines, boolean replaceNuls) {
        this.bodyLines = bodyLines;
        this.replaceNuls = replaceNuls;
    }

    static MessageLines all(boolean replaceNuls) {
        return new MessageLines(-1, replaceNuls);
    }

    /** The header, the empty line behind it, and so many lines of the body. RFC 1939 §7, TOP */
    static MessageLines top(long bodyLines, boolean replaceNuls) {
        return new MessageLines(bodyLines, replaceNuls);
    }

    /** Whether no more of the message is wanted. */
    boolean finished() {
        return finished;
    }

    /** The next octets as they go on the wire. */
    Buffer next(byte[] octets) {
        Buffer out = Buffer.buffer(octets.length + 64);
        int from = 0;
        for (int i = 0; i < octets.length && !finished; i++) {
            byte octet = octets[i];
            if (octet == '.' && last == '\n') {
                out.appendBytes(octets, from, i - from).appendByte((byte) '.');
                from = i;
            } else if (octet == 0 && replaceNuls) {
                octets[i] = INSTEAD_OF_NUL;
            }
            if (octet == '\n') {
                endLine();
            } else if (octet != '\r') {
                lineIsEmpty = false;
            }
            lastButOne = last;
            last = octet;
            if (finished) {
                return out.appendBytes(octets, from, i + 1 - from);
            }
        }
        return finished ? out : out.appendBytes(octets, from, octets.length - from);
    }

    /** The end of the response; on a line of its own even when the message's last line has no end. */
    Buffer end() {
        return last == '\n' && lastButOne == '\r' ? END : END_OF_LINE_AND_END;
    }

    private void endLine() {
        if (inHeader) {
            inHeader = !lineIsEmpty;
        } else {
            bodyLines = Math.max(-1, bodyLines - 1);
        }
        finished = !inHeader && bodyLines == 0;
        lineIsEmpty = true;
    }
}
