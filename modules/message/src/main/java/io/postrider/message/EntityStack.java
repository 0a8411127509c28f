package io.postrider.message;

import io.postrider.message.Part.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The parts that are open at one place of a message, outermost first, and what is kept of all parts.
 *
 * <p>Bounded by {@link ParserLimits#depth}, {@link ParserLimits#parts} and {@link ParserLimits#DESCRIPTION_OCTETS}.
 */
final class EntityStack {
    /** A line that may be a delimiter of one of the open multiparts. */
    record Delimiter(int index, boolean closing) {}

    private final ParserLimits limits;
    private final List<Entity> open = new ArrayList<>();
    private final DecodedText text;
    private final TextReader reader;
    private final Entity root;
    private HeaderValues rootHeader;
    private String searchHeader = "";
    private int partCount = 1;
    private int boundaries;
    private long described;

    EntityStack(ParserLimits limits, TextRoom room) {
        this.limits = limits;
        this.text = new DecodedText(limits.searchTextCharacters(), room);
        this.reader = new TextReader(text);
        this.root = new Entity(null, 0);
        open.add(root);
    }

    /** What is left of the text serves nobody any more. */
    void release() {
        text.release();
    }

    int depth() {
        return open.size();
    }

    boolean hasBoundaries() {
        return boundaries > 0;
    }

    int headerLimit() {
        return open.size() == 1 ? limits.headerOctets() : limits.partHeaderOctets();
    }

    boolean readsText() {
        return reader.isOpen();
    }

    void text(byte[] octets, int offset, int length) {
        reader.write(octets, offset, length);
    }

    /**
     * Looks whether a line that begins with two hyphens is a delimiter, of the innermost multipart it fits. The whole
     * line counts but for white space at its end, so that boundaries which begin alike are told apart. RFC 2046 §5.1.1
     */
    Delimiter delimiter(byte[] line, int length) {
        int end = length;
        while (end > 2
                && (line[end - 1] == ' ' || line[end - 1] == '\t' || line[end - 1] == '\r' || line[end - 1] == '\n')) {
            end--;
        }
        boolean hyphens = end >= 5 && line[end - 1] == '-' && line[end - 2] == '-';
        for (int i = open.size() - 1; i >= 0; i--) {
            byte[] boundary = open.get(i).boundary;
            if (boundary == null) {
                continue;
            }
            if (partCount < limits.parts() && Arrays.equals(line, 2, end, boundary, 0, boundary.length)) {
                return new Delimiter(i, false);
            }
            if (hyphens && Arrays.equals(line, 2, end - 2, boundary, 0, boundary.length)) {
                return new Delimiter(i, true);
            }
        }
        return null;
    }

    /** The innermost open part's header is complete. True when the body is a message, whose header now begins. */
    boolean headerComplete(byte[] header, int length, long bodyStart, long lineFeeds) {
        Entity entity = open.get(open.size() - 1);
        entity.headerLength = length;
        entity.bodyStart = bodyStart;
        entity.lineFeedsBeforeBody = lineFeeds;
        StringBuilder search = entity.isMessage() ? new StringBuilder() : null;
        HeaderValues values = HeaderValues.read(header, length, search);
        Content content = describe(entity, values);
        if (entity == root) {
            rootHeader = values;
            searchHeader = DecodedText.fold(search.toString(), limits.headerOctets());
        } else if (search != null) {
            text.appendHidden(search.toString());
            entity.parent.description = entity.parent.description.withEnvelope(envelopeWithin(values));
        }
        if (entity.kind == Kind.MESSAGE) {
            push(bodyStart);
            return true;
        }
        if (entity.kind == Kind.LEAF && content.isSearched()) {
            reader.open(
                    content.encoding(),
                    Charsets.named(content.charset()),
                    content.isHtml(),
                    content.isText() && !content.attachment() && !entity.isWithinMessagePart());
        }
        return false;
    }

    /** A delimiter came: the multipart has another part, whose header now begins. */
    void beginPart(long headerStart) {
        push(headerStart);
    }

    /** The closing delimiter of the innermost open part came. What follows is nobody's. RFC 2046 §5.1.1 */
    void closeBoundary() {
        open.get(open.size() - 1).boundary = null;
        boundaries--;
    }

    /** Ends the innermost open part, whose header is complete. */
    void close(long bodyEnd, long lineFeeds, boolean lastLineFeedIsDelimiters) {
        Entity entity = open.remove(open.size() - 1);
        reader.close();
        if (entity.boundary != null) {
            boundaries--;
        }
        entity.bodyLength = Math.max(bodyEnd, entity.endOfChildren()) - entity.bodyStart;
        entity.lines = lineFeeds - entity.lineFeedsBeforeBody;
        if (lastLineFeedIsDelimiters && entity.lines > 0) {
            entity.lines--;
        }
        if (entity.kind == Kind.MULTIPART && entity.children.isEmpty()) {
            addEmptyPart(entity);
        }
    }

    ParsedMessage parsed(byte[] header, long size) {
        WireWriter bodyStructure = new WireWriter();
        root.write(bodyStructure, true);
        WireWriter body = new WireWriter();
        root.write(body, false);
        return new ParsedMessage(
                header,
                new MessageStructure(header.length, size, root.toPart(root.bodyStart)),
                Envelope.of(rootHeader),
                bodyStructure.toByteArray(),
                body.toByteArray(),
                SortKeys.of(rootHeader),
                MessageIds.first(rootHeader.get("message-id")),
                MessageIds.references(rootHeader.get("references"), rootHeader.get("in-reply-to")),
                searchHeader,
                text.searchText(),
                text.preview());
    }

    private void push(long headerStart) {
        Entity parent = open.get(open.size() - 1);
        Entity entity = new Entity(parent, headerStart);
        parent.children.add(entity);
        open.add(entity);
        partCount++;
    }

    private Content describe(Entity entity, HeaderValues header) {
        Content content = Content.of(header, entity.isWithinDigest());
        boolean mayHold = entity.depth < limits.depth() && partCount < limits.parts();
        if (content.isMultipart()) {
            if (content.boundary() == null) {
                content = content.asPlainText();
            } else if (mayHold) {
                entity.kind = Kind.MULTIPART;
                entity.boundary = content.boundary().getBytes(StandardCharsets.UTF_8);
                boundaries++;
            } else {
                content = content.opaque();
            }
        } else if (content.isMessage()) {
            if (mayHold && !content.isEncoded()) {
                entity.kind = Kind.MESSAGE;
            } else {
                content = content.opaque();
            }
        }
        entity.keep(content, charged(Description.of(content, header), content));
        return content;
    }

    private Description charged(Description description, Content content) {
        described += description.length();
        return described <= ParserLimits.DESCRIPTION_OCTETS ? description : bare(content);
    }

    private static Description bare(Content content) {
        return Description.of(content.withoutParameters(), HeaderValues.read(new byte[0], 0, null));
    }

    private byte[] envelopeWithin(HeaderValues header) {
        byte[] envelope = Envelope.of(header);
        described += envelope.length;
        return described <= ParserLimits.DESCRIPTION_OCTETS ? envelope : Envelope.empty();
    }

    /** A multipart has at least one part, on the wire (RFC 3501 §9) and so in the structure. */
    private static void addEmptyPart(Entity multipart) {
        Entity empty = new Entity(multipart, multipart.bodyStart + multipart.bodyLength);
        empty.bodyStart = empty.headerStart;
        HeaderValues none = HeaderValues.read(new byte[0], 0, null);
        Content content = Content.of(none, false);
        empty.keep(content, Description.of(content, none));
        multipart.children.add(empty);
    }
}
