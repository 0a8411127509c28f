package io.postrider.smtp;

/**
 * The octets behind DATA: lines, a dot at the start of each taken off, up to CRLF.CRLF. RFC 5321 §4.5.2
 *
 * <p>Only CRLF ends a line, and only CRLF.CRLF ends the message. Servers that took LF.LF or the like for the end let a
 * sender smuggle a second message past the server before them; so a bare CR or LF is remembered, for the message to be
 * refused (RFC 5321 §2.3.8), and reading goes on up to the true end. From then on the octets do not matter any more.
 */
final class DotReader implements MessageFraming {
    private enum At {
        LINE_START,
        IN_LINE,
        /** behind a CR */
        CR,
        /** behind the dot a line began with, which is never part of the message */
        DOT,
        /** behind such a dot and a CR, which has been held back */
        DOT_CR,
        END
    }

    private At at = At.LINE_START;
    private boolean bareLineEnd;
    private int contentEnd;
    private int next;

    @Override
    public void read(byte[] octets) {
        int to = 0;
        int from = 0;
        At state = at;
        while (from < octets.length && state != At.END) {
            byte octet = octets[from++];
            switch (state) {
                case LINE_START -> {
                    if (octet == '.') {
                        state = At.DOT;
                        continue;
                    }
                    state = behind(octet);
                }
                case IN_LINE -> state = behind(octet);
                case CR -> {
                    if (octet == '\n') {
                        state = At.LINE_START;
                    } else {
                        bareLineEnd = true;
                        state = behind(octet);
                    }
                }
                case DOT -> {
                    if (octet == '\r') {
                        state = At.DOT_CR;
                        continue;
                    }
                    state = behind(octet);
                }
                case DOT_CR -> {
                    if (octet == '\n') {
                        state = At.END;
                        continue;
                    }
                    bareLineEnd = true;
                    state = behind(octet);
                }
                default -> throw new IllegalStateException("read behind the end");
            }
            octets[to++] = octet;
        }
        at = state;
        contentEnd = to;
        next = from;
    }

    private At behind(byte octet) {
        if (octet == '\r') {
            return At.CR;
        }
        if (octet == '\n') {
            bareLineEnd = true;
        }
        return At.IN_LINE;
    }

    @Override
    public int contentEnd() {
        return contentEnd;
    }

    @Override
    public int next() {
        return next;
    }

    @Override
    public boolean ended() {
        return at == At.END;
    }

    @Override
    public boolean hasBareLineEnd() {
        return bareLineEnd;
    }
}
