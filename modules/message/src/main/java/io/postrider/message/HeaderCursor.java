package io.postrider.message;

/**
 * Goes over a header field by field without copying. A field is a line with all lines behind it that begin with white
 * space (RFC 5322 §2.2.3); lines end with CRLF or a bare LF.
 *
 * <p>A line without a colon is a field without a name, so that no octet is lost.
 */
final class HeaderCursor {
    private final byte[] octets;
    private final int limit;
    private int start;
    private int end;
    private int colon;

    HeaderCursor(byte[] octets, int length) {
        this.octets = octets;
        this.limit = length;
    }

    /** Moves to the next field; false at the closing empty line or the end. */
    boolean next() {
        start = end;
        if (start >= limit || isEmptyLine(start)) {
            return false;
        }
        end = afterLine(start);
        while (end < limit && isSpace(octets[end])) {
            end = afterLine(end);
        }
        findColon();
        return true;
    }

    int start() {
        return start;
    }

    /** Behind the field's last line end. */
    int end() {
        return end;
    }

    /** Where the closing empty line starts, or the header's end, once {@link #next} was false. */
    int closing() {
        return start;
    }

    boolean hasName() {
        return colon > start;
    }

    /** Behind the name's last octet; white space before the colon is obsolete syntax. RFC 5322 §4.5 */
    int nameEnd() {
        int nameEnd = colon;
        while (nameEnd > start && isSpace(octets[nameEnd - 1])) {
            nameEnd--;
        }
        return nameEnd;
    }

    int valueStart() {
        return colon + 1;
    }

    boolean isNamed(String name) {
        int length = nameEnd() - start;
        if (!hasName() || length != name.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(octets[start + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private void findColon() {
        colon = -1;
        for (int i = start; i < end && octets[i] != '\n'; i++) {
            if (octets[i] == ':') {
                colon = i;
                return;
            }
        }
    }

    private boolean isEmptyLine(int at) {
        return octets[at] == '\n' || octets[at] == '\r' && at + 1 < limit && octets[at + 1] == '\n';
    }

    private int afterLine(int at) {
        int i = at;
        while (i < limit && octets[i] != '\n') {
            i++;
        }
        return Math.min(limit, i + 1);
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
    }
}
