package io.postrider.imap;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * NUL may stand in a literal8 and nowhere else (RFC 3501 §4.3, RFC 3516 §4.4). Messages that have some came by such a literal
 * or by LMTP; who asks for them otherwise gets 0x80 in its place, so that lengths stay true.
 */
final class Nuls {
    private static final byte INSTEAD = (byte) 0x80;

    private Nuls() {}

    static boolean in(Buffer octets) {
        return next(octets, 0) >= 0;
    }

    /** The octets themselves if there is no NUL among them. */
    static Buffer hidden(Buffer octets) {
        int at = next(octets, 0);
        if (at < 0) {
            return octets;
        }
        Buffer without = octets.copy();
        while (at >= 0) {
            without.setByte(at, INSTEAD);
            at = next(without, at + 1);
        }
        return without;
    }

    private static int next(Buffer octets, int from) {
        ByteBuf all = ((BufferInternal) octets).getByteBuf();
        int start = all.readerIndex();
        int found = all.indexOf(start + from, start + octets.length(), (byte) 0);
        return found < 0 ? -1 : found - start;
    }
}
