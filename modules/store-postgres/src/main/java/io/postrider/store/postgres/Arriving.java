package io.postrider.store.postgres;

import io.postrider.message.MessageParser;
import io.postrider.message.MessageStructure;
import io.postrider.message.ParsedMessage;
import io.postrider.message.ParserLimits;
import io.postrider.store.Flags;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A message on its way into a mailbox, as its rows will have it.
 *
 * @param header with trace fields
 * @param size of header and body
 * @param searchHeader with trace fields
 * @param copyOf the content whose chunk rows it gets copies of; 0 for none
 * @param ownsChunks whether its chunk rows are there already
 * @param internalDate null for now
 */
record Arriving(
        long contentId,
        ReceivedContent content,
        Buffer header,
        MessageStructure structure,
        long size,
        String searchHeader,
        long copyOf,
        boolean ownsChunks,
        Flags flags,
        Instant internalDate) {

    /**
     * Gives a content its id in the account, and trace fields before its header. Every use of a content that stays in
     * memory gets rows of its own; only copies in the sense of COPY share them.
     */
    static Future<Arriving> of(
            ContentIds ids, long accountId, ReceivedContent content, Buffer trace, Flags flags, Instant internalDate) {
        Arriving message = withTrace(content, trace, flags, internalDate);
        if (!content.isInChunks()) {
            return ids.next().map(id -> message.stored(id, 0, false));
        }
        if (content.takeChunks(accountId)) {
            return Future.succeededFuture(message.stored(content.chunksId(), 0, true));
        }
        return ids.next().map(id -> message.stored(id, content.chunksId(), false));
    }

    private static Arriving withTrace(ReceivedContent content, Buffer trace, Flags flags, Instant internalDate) {
        ParsedMessage parsed = content.parsed();
        Buffer header = Buffer.buffer(trace.length() + parsed.header().length)
                .appendBuffer(trace)
                .appendBytes(parsed.header());
        MessageStructure plain = parsed.structure();
        MessageStructure structure = new MessageStructure(
                plain.headerLength() + trace.length(), plain.size() + trace.length(), plain.root());
        return new Arriving(
                0,
                content,
                header,
                structure,
                content.size() + trace.length(),
                searchText(trace) + parsed.searchHeader(),
                0,
                false,
                flags,
                internalDate);
    }

    private static String searchText(Buffer trace) {
        if (trace.length() == 0) {
            return "";
        }
        byte[] fields = (trace.toString(StandardCharsets.ISO_8859_1) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        MessageParser parser = new MessageParser(ParserLimits.DEFAULT);
        parser.feed(fields, 0, fields.length);
        return parser.finish().searchHeader();
    }

    private Arriving stored(long id, long original, boolean chunksAreThere) {
        return new Arriving(
                id, content, header, structure, size, searchHeader, original, chunksAreThere, flags, internalDate);
    }

    /** The body, when it is to be written now; null when it is empty or in chunk rows. */
    Buffer chunkToWrite() {
        Buffer body = content.body();
        return body == null || body.length() == 0 ? null : body;
    }

    /** Roughly what it takes in a statement. */
    long weight() {
        Buffer body = content.body();
        return header.length()
                + (body == null ? 0 : body.length())
                + searchHeader.length()
                + content.parsed().searchText().length();
    }
}
