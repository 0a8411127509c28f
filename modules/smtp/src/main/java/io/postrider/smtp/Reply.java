package io.postrider.smtp;

import java.util.List;

/**
 * What the server answers. Never holds anything the client sent, so nothing can be smuggled into it.
 *
 * @param code RFC 5321 §4.2
 * @param status the enhanced status code, "" where none is due. RFC 2034 §4
 * @param lines US-ASCII, at least one
 */
record Reply(int code, String status, List<String> lines) {
    static Reply of(int code, String status, String text) {
        return new Reply(code, status, List.of(text));
    }

    /** Whether it says yes: 2yz, or 3yz for "go on". */
    boolean positive() {
        return code < 400;
    }

    /** Whether the client got the protocol wrong, rather than wished for something it cannot have. */
    boolean isProtocolError() {
        return code >= 500 && code <= 504 || code == 555;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(64);
        for (int i = 0; i < lines.size(); i++) {
            text.append(code).append(i < lines.size() - 1 ? '-' : ' ');
            if (!status.isEmpty()) {
                text.append(status).append(' ');
            }
            text.append(lines.get(i)).append("\r\n");
        }
        return text.toString();
    }
}
