package io.postrider.message;

import io.postrider.message.Part.Kind;
import io.postrider.message.Part.TransferEncoding;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs a {@link MessageStructure} into few octets, and unpacks it.
 *
 * <p>One octet of version, then numbers of seven bits an octet, least significant first: the lengths, then the parts,
 * each before its children. A part of an ordinary message takes about eight octets. The order of the enum constants is
 * part of the format.
 */
final class StructureCodec {
    private static final int VERSION = 1;
    private static final int KIND_BITS = 2;
    private static final Kind[] KINDS = Kind.values();
    private static final TransferEncoding[] ENCODINGS = TransferEncoding.values();

    private StructureCodec() {}

    static byte[] pack(MessageStructure structure) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        out.write(VERSION);
        writeNumber(out, structure.headerLength());
        writeNumber(out, structure.size());
        writePart(out, structure.root(), 0);
        return out.toByteArray();
    }

    static MessageStructure unpack(byte[] packed) {
        Reader in = new Reader(packed);
        int version = in.octet();
        if (version != VERSION) {
            throw new IllegalArgumentException("message structure of version " + version);
        }
        long headerLength = in.number();
        long size = in.number();
        Part root = in.part(0);
        if (in.at != packed.length) {
            throw new IllegalArgumentException("message structure with octets left over");
        }
        return new MessageStructure(headerLength, size, root);
    }

    /** Offsets are written as distances from where the parent's body starts: they take fewer octets. */
    private static void writePart(ByteArrayOutputStream out, Part part, long origin) {
        out.write(part.kind().ordinal() | part.encoding().ordinal() << KIND_BITS);
        writeNumber(out, part.headerOffset() - origin);
        writeNumber(out, part.headerLength());
        writeNumber(out, part.bodyOffset() - part.headerOffset() - part.headerLength());
        writeNumber(out, part.bodyLength());
        writeNumber(out, part.children().size());
        for (Part child : part.children()) {
            writePart(out, child, part.bodyOffset());
        }
    }

    private static void writeNumber(ByteArrayOutputStream out, long number) {
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static final class Reader {
        private final byte[] packed;
        private int at;

        Reader(byte[] packed) {
            this.packed = packed;
        }

        Part part(long origin) {
            int traits = octet();
            int encoding = traits >>> KIND_BITS;
            int kind = traits & (1 << KIND_BITS) - 1;
            if (kind >= KINDS.length || encoding >= ENCODINGS.length) {
                throw new IllegalArgumentException("message structure with unknown traits " + traits);
            }
            long headerOffset = origin + number();
            long headerLength = number();
            long bodyOffset = headerOffset + headerLength + number();
            long bodyLength = number();
            long count = number();
            if (count < 0 || count > packed.length - at) {
                throw new IllegalArgumentException("message structure with " + count + " parts");
            }
            List<Part> children = new ArrayList<>((int) count);
            for (long i = 0; i < count; i++) {
                children.add(part(bodyOffset));
            }
            return new Part(
                    KINDS[kind], headerOffset, headerLength, bodyOffset, bodyLength, ENCODINGS[encoding], children);
        }

        int octet() {
            if (at == packed.length) {
                throw new IllegalArgumentException("message structure cut short");
            }
            return packed[at++] & 0xFF;
        }

        long number() {
            long number = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                int octet = octet();
                number |= (long) (octet & 0x7F) << shift;
                if (octet < 0x80) {
                    return number;
                }
            }
            throw new IllegalArgumentException("message structure with an endless number");
        }
    }
}
