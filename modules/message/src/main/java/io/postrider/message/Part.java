package io.postrider.message;

import java.util.List;

/**
 * Where one MIME part lies. The root stands for the message itself.
 *
 * <p>Offsets count from the first octet behind the message's own header, so they stay true when trace fields are put
 * before the header; only the root's header lies before that point. {@link MessageStructure} turns them into ranges of
 * the whole message.
 *
 * @param kind what may be asked of the part
 * @param headerOffset where the part's own header starts (0 for the root, whose header is the message's)
 * @param headerLength octets of that header, its closing empty line included (0 for the root)
 * @param bodyOffset where the part's body starts
 * @param bodyLength octets of that body, without the line break that belongs to the boundary. RFC 2046 §5.1.1
 * @param encoding the content transfer encoding, for BINARY; RFC 3516
 * @param children a multipart's parts in order; for message/rfc822 exactly one, whose header and body are those of the
 *     message within
 */
public record Part(
        Kind kind,
        long headerOffset,
        long headerLength,
        long bodyOffset,
        long bodyLength,
        TransferEncoding encoding,
        List<Part> children) {

    /** What may be asked of a part. */
    public enum Kind {
        LEAF,
        MULTIPART,
        /** message/rfc822 or message/global: one child, the message within. */
        MESSAGE
    }

    /** The content transfer encodings of RFC 2045 §6; anything else is {@link #UNKNOWN} and is never decoded. */
    public enum TransferEncoding {
        SEVEN_BIT,
        EIGHT_BIT,
        BINARY,
        QUOTED_PRINTABLE,
        BASE64,
        UNKNOWN
    }

    public Part {
        children = List.copyOf(children);
    }
}
