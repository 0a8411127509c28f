package io.postrider.server.maildir;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;

/** A file's octets with each line ended by CRLF: Maildirs have LF alone, and now and then both. RFC 5322 §2.3 */
final class CrlfStream {
    private final InputStream octets;
    private final byte[] buffer;
    private byte last;

    /** @param size of what is read at once; what comes out may be up to twice as long */
    CrlfStream(InputStream octets, int size) {
        this.octets = octets;
        this.buffer = new byte[size];
    }

    /** Null at the end. */
    Buffer next() throws IOException {
        int length = octets.read(buffer);
        if (length < 0) {
            return null;
        }
        Buffer out = Buffer.buffer(length + length / 32);
        int from = 0;
        for (int at = 0; at < length; at++) {
            if (buffer[at] == '\n' && last != '\r') {
                out.appendBytes(buffer, from, at - from).appendByte((byte) '\r');
                from = at;
            }
            last = buffer[at];
        }
        return out.appendBytes(buffer, from, length - from);
    }
}
