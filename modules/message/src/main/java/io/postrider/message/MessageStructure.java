package io.postrider.message;

import java.util.List;
import java.util.Optional;

/**
 * Where everything lies in one message: the answer to "which octets are BODY[2.1.HEADER]?".
 *
 * @param headerLength octets of the message's header as kept, closing empty line and trace fields included
 * @param size octets of the whole message
 * @param root the message's parts
 */
public record MessageStructure(long headerLength, long size, Part root) {

    /**
     * Finds the octets that a section names; empty when the message has no such part.
     *
     * @param path part numbers from 1, empty for the message itself. A message that is not a multipart has part 1, its
     *     body. RFC 3501 §6.4.5
     */
    public Optional<OctetRange> find(List<Integer> path, SectionText text) {
        if (path.isEmpty()) {
            return ofMessage(text);
        }
        return part(path).flatMap(part -> ofPart(part, text));
    }

    /** The part that a path names; the root for an empty path. */
    public Optional<Part> part(List<Integer> path) {
        Part within = root;
        boolean entered = true;
        for (int number : path) {
            if (!entered && within.kind() == Part.Kind.MESSAGE) {
                // The numbers of a message within a message follow that part's own: 4.2 holds 4.2.1.
                within = within.children().get(0);
                entered = true;
            }
            if (within.kind() == Part.Kind.MULTIPART) {
                if (number < 1 || number > within.children().size()) {
                    return Optional.empty();
                }
                within = within.children().get(number - 1);
            } else if (!entered || number != 1) {
                return Optional.empty();
            }
            entered = false;
        }
        return Optional.of(within);
    }

    /** Packs this for the store; the first octet is a version. */
    public byte[] toBytes() {
        return StructureCodec.pack(this);
    }

    /**
     * Unpacks what {@link #toBytes} packed.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public static MessageStructure fromBytes(byte[] packed) {
        return StructureCodec.unpack(packed);
    }

    private Optional<OctetRange> ofMessage(SectionText text) {
        return switch (text) {
            case ALL -> Optional.of(new OctetRange(0, size));
            case HEADER -> Optional.of(new OctetRange(0, headerLength));
            case TEXT -> Optional.of(new OctetRange(headerLength, size - headerLength));
            case MIME -> Optional.empty();
        };
    }

    private Optional<OctetRange> ofPart(Part part, SectionText text) {
        return switch (text) {
            case ALL -> Optional.of(body(part));
            case MIME -> Optional.of(header(part));
            case HEADER -> messageWithin(part).map(this::header);
            case TEXT -> messageWithin(part).map(this::body);
        };
    }

    /** HEADER and TEXT of a part are those of the message within; other parts have neither. RFC 3501 §6.4.5 */
    private static Optional<Part> messageWithin(Part part) {
        return part.kind() == Part.Kind.MESSAGE ? Optional.of(part.children().get(0)) : Optional.empty();
    }

    private OctetRange header(Part part) {
        return part == root
                ? new OctetRange(0, headerLength)
                : new OctetRange(headerLength + part.headerOffset(), part.headerLength());
    }

    private OctetRange body(Part part) {
        return new OctetRange(headerLength + part.bodyOffset(), part.bodyLength());
    }
}
