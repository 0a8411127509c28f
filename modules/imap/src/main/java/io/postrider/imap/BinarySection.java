package io.postrider.imap;

import io.postrider.imap.FetchItem.Partial;
import io.postrider.message.OctetRange;
import io.postrider.message.Part;
import io.postrider.message.Part.TransferEncoding;
import io.postrider.message.SectionText;
import io.postrider.message.TransferDecoder;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A section without its content transfer encoding, for BINARY. A literal is announced with its size, which is not known
 * before all is decoded: so what is not at hand is read twice, slice by slice, and never held whole. RFC 3516 §4.2
 *
 * <p>Multiparts and messages have no encoding to undo: their octets come as they are.
 */
final class BinarySection {
    private static final Partial ALL = new Partial(0, Long.MAX_VALUE);

    private final MessageOctets octets;
    private final OctetRange range;
    private final TransferEncoding encoding;
    private final Partial wanted;

    /**
     * What a first pass finds out.
     *
     * @param size octets of it
     */
    record Measured(long size, boolean hasNul) {}

    private BinarySection(MessageOctets octets, OctetRange range, TransferEncoding encoding, Partial wanted) {
        this.octets = octets;
        this.range = range;
        this.encoding = encoding;
        this.wanted = wanted;
    }

    /**
     * Null when the message has no such section.
     *
     * @param partial of the decoded octets; null for all
     */
    static BinarySection of(MessageOctets octets, List<Integer> path, Partial partial) {
        OctetRange range = octets.range(path, SectionText.ALL);
        return range == null
                ? null
                : new BinarySection(octets, range, encoding(octets, path), partial == null ? ALL : partial);
    }

    /** Whether its encoding is one that nobody can undo: UNKNOWN-CTE. RFC 3516 §4.3 */
    static boolean isUnknown(MessageOctets octets, List<Integer> path) {
        return encoding(octets, path) == TransferEncoding.UNKNOWN;
    }

    private static TransferEncoding encoding(MessageOctets octets, List<Integer> path) {
        if (path.isEmpty()) {
            return TransferEncoding.BINARY;
        }
        return octets.message()
                .structure()
                .part(path)
                .filter(part -> part.kind() == Part.Kind.LEAF)
                .map(Part::encoding)
                .orElse(TransferEncoding.BINARY);
    }

    /** All that is wanted, when it can be had without asking the store; else null. */
    Buffer here() {
        OctetRange needed = needed();
        if (octets.lengthHere(needed) < needed.length()) {
            return null;
        }
        Buffer decoded = Buffer.buffer();
        if (needed.length() > 0) {
            Decoding decoding = new Decoding();
            octets.here(needed).forEach(piece -> decoded.appendBuffer(decoding.next(piece)));
        }
        return decoded;
    }

    /** How many octets there are; the store is not asked where that is plain. */
    Future<Long> size(Supplier<Future<Void>> pace) {
        return isEncoded() ? measure(pace).map(Measured::size) : Future.succeededFuture(range.length());
    }

    /** @param pace gives what to wait for between two slices; it fails when the client is gone */
    Future<Measured> measure(Supplier<Future<Void>> pace) {
        long[] size = new long[1];
        boolean[] hasNul = new boolean[1];
        return each(slice -> {
                    size[0] += slice.length();
                    hasNul[0] |= Nuls.in(slice);
                    return pace.get();
                })
                .map(all -> new Measured(size[0], hasNul[0]));
    }

    /** Gives all of it to the taker, piece by piece, no faster than its futures complete. */
    Future<Void> each(Function<Buffer, Future<Void>> taker) {
        Decoding decoding = new Decoding();
        OctetRange[] rest = {needed()};
        return EachInOrder.whileTrue(() -> {
            if (rest[0].length() == 0 || decoding.hasAll()) {
                return Future.succeededFuture(false);
            }
            return octets.slice(rest[0]).compose(slice -> {
                rest[0] = rest[0].partial(slice.length(), rest[0].length());
                Buffer decoded = decoding.next(slice);
                return decoded.length() == 0
                        ? Future.succeededFuture(true)
                        : taker.apply(decoded).map(true);
            });
        });
    }

    /** The octets that must be looked at. */
    private OctetRange needed() {
        return isEncoded() ? range : range.partial(wanted.first(), wanted.count());
    }

    private boolean isEncoded() {
        return encoding == TransferEncoding.BASE64 || encoding == TransferEncoding.QUOTED_PRINTABLE;
    }

    /** One pass. */
    private final class Decoding {
        private final TransferDecoder decoder = TransferDecoder.of(encoding);
        private long toSkip = isEncoded() ? wanted.first() : 0;
        private long toGive = wanted.count();

        boolean hasAll() {
            return toGive == 0;
        }

        Buffer next(Buffer slice) {
            if (!isEncoded()) {
                return slice;
            }
            byte[] in = slice.getBytes();
            byte[] out = new byte[in.length + TransferDecoder.HELD_BACK];
            int length = decoder.decode(in, 0, in.length, out, 0);
            int from = (int) Math.min(length, toSkip);
            int to = (int) Math.min(length, from + Math.min(toGive, length));
            toSkip -= from;
            toGive -= to - from;
            return Buffer.buffer().appendBytes(out, from, to - from);
        }
    }
}
