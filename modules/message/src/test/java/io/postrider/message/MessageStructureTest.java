package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postrider.message.Part.Kind;
import io.postrider.message.Part.TransferEncoding;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageStructureTest {
    private static final long HEADER = 1000;
    private static final long BODY = 900;

    private static Part leaf(long headerOffset, long headerLength, long bodyLength) {
        return new Part(
                Kind.LEAF,
                headerOffset,
                headerLength,
                headerOffset + headerLength,
                bodyLength,
                TransferEncoding.BASE64,
                List.of());
    }

    private static Part holding(Kind kind, long headerOffset, long headerLength, long bodyLength, Part... children) {
        return new Part(
                kind,
                headerOffset,
                headerLength,
                headerOffset + headerLength,
                bodyLength,
                TransferEncoding.SEVEN_BIT,
                List.of(children));
    }

    private static MessageStructure message(Part root) {
        return new MessageStructure(HEADER, HEADER + BODY, root);
    }

    /** The shape of RFC 3501 §6.4.5: a message with a message/rfc822 that holds a multipart, and one that does not. */
    private static MessageStructure nested() {
        Part text = leaf(10, 20, 100);
        Part multipartMessage = holding(
                Kind.MESSAGE, 140, 20, 300, holding(Kind.MULTIPART, 160, 30, 270, leaf(200, 5, 50), leaf(260, 5, 60)));
        Part plainMessage = holding(Kind.MESSAGE, 470, 20, 200, leaf(490, 40, 160));
        return message(holding(Kind.MULTIPART, 0, 0, BODY, text, multipartMessage, plainMessage));
    }

    private static Optional<OctetRange> range(long offset, long length) {
        return Optional.of(new OctetRange(HEADER + offset, length));
    }

    @Test
    void theMessageItselfIsNamedByAnEmptyPath() {
        MessageStructure message = nested();
        assertEquals(Optional.of(new OctetRange(0, HEADER + BODY)), message.find(List.of(), SectionText.ALL));
        assertEquals(Optional.of(new OctetRange(0, HEADER)), message.find(List.of(), SectionText.HEADER));
        assertEquals(range(0, BODY), message.find(List.of(), SectionText.TEXT));
        assertEquals(Optional.empty(), message.find(List.of(), SectionText.MIME));
    }

    @Test
    void partOneOfAPlainMessageIsItsBody() {
        MessageStructure message = message(leaf(0, 0, BODY));
        assertEquals(range(0, BODY), message.find(List.of(1), SectionText.ALL));
        assertEquals(Optional.of(new OctetRange(0, HEADER)), message.find(List.of(1), SectionText.MIME));
        assertEquals(Optional.empty(), message.find(List.of(2), SectionText.ALL));
        assertEquals(Optional.empty(), message.find(List.of(1, 1), SectionText.ALL));
        assertEquals(Optional.empty(), message.find(List.of(1), SectionText.HEADER));
    }

    @Test
    void partsOfAMultipartHaveABodyAndAMimeHeader() {
        assertEquals(range(30, 100), nested().find(List.of(1), SectionText.ALL));
        assertEquals(range(10, 20), nested().find(List.of(1), SectionText.MIME));
        assertEquals(Optional.empty(), nested().find(List.of(1), SectionText.TEXT));
        assertEquals(Optional.empty(), nested().find(List.of(4), SectionText.ALL));
        assertEquals(Optional.empty(), nested().find(List.of(0), SectionText.ALL));
    }

    @Test
    void numbersGoOnInsideAMessageWithin() {
        assertEquals(range(160, 300), nested().find(List.of(2), SectionText.ALL));
        assertEquals(range(140, 20), nested().find(List.of(2), SectionText.MIME));
        assertEquals(range(160, 30), nested().find(List.of(2), SectionText.HEADER));
        assertEquals(range(190, 270), nested().find(List.of(2), SectionText.TEXT));
        assertEquals(range(265, 60), nested().find(List.of(2, 2), SectionText.ALL));
        assertEquals(Optional.empty(), nested().find(List.of(2, 3), SectionText.ALL));
        assertEquals(range(530, 160), nested().find(List.of(3, 1), SectionText.ALL));
        assertEquals(range(490, 40), nested().find(List.of(3, 1), SectionText.MIME));
        assertEquals(Optional.empty(), nested().find(List.of(3, 2), SectionText.ALL));
        assertEquals(Optional.empty(), nested().find(List.of(3, 1, 1), SectionText.ALL));
    }

    @Test
    void packedAndUnpackedIsTheSame() {
        assertEquals(nested(), MessageStructure.fromBytes(nested().toBytes()));
        MessageStructure huge =
                new MessageStructure(Long.MAX_VALUE / 4, Long.MAX_VALUE / 2, leaf(1L << 40, 1L << 50, 1L << 60));
        assertEquals(huge, MessageStructure.fromBytes(huge.toBytes()));
    }

    @Test
    void anythingElseIsRefused() {
        byte[] packed = nested().toBytes();
        for (int length = 0; length < packed.length; length++) {
            byte[] cut = Arrays.copyOf(packed, length);
            assertThrows(IllegalArgumentException.class, () -> MessageStructure.fromBytes(cut));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> MessageStructure.fromBytes(Arrays.copyOf(packed, packed.length + 1)));
        packed[0] = 2;
        assertThrows(IllegalArgumentException.class, () -> MessageStructure.fromBytes(packed));
    }
}
