package io.postrider.imap;

import io.postrider.message.OctetRange;
import io.postrider.message.SectionText;
import io.postrider.store.Contents;
import io.postrider.store.FetchedMessage;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A message's octets, wherever they are: some came with its row, the others are read from the store slice by slice.
 *
 * @param message with {@code STRUCTURE} where parts are asked for
 */
record MessageOctets(Contents contents, long accountId, FetchedMessage message) {
    /** Octets of a part's header that HEADER.FIELDS looks at; as many as a parsed one has at most. */
    private static final int MAX_HEADER = 1 << 20;

    /** Where a section lies; null when the message has no such section. RFC 3501 §6.4.5 */
    OctetRange range(List<Integer> path, SectionText text) {
        if (!path.isEmpty()) {
            return message.structure().find(path, text).orElse(null);
        }
        long size = message.message().size();
        if (text == SectionText.ALL) {
            return new OctetRange(0, size);
        }
        long header = message.header() != null
                ? message.header().length()
                : message.structure().headerLength();
        return text == SectionText.HEADER ? new OctetRange(0, header) : new OctetRange(header, size - header);
    }

    /** How many of a range's first octets came with the message. */
    long lengthHere(OctetRange range) {
        if (message.header() == null) {
            return 0;
        }
        long end = message.header().length()
                + (message.firstOctets() == null ? 0 : message.firstOctets().length());
        return Math.max(0, Math.min(end, range.end()) - range.offset());
    }

    /** Those that came with the message, in pieces. */
    List<Buffer> here(OctetRange range) {
        List<Buffer> pieces = new ArrayList<>(2);
        long headerEnd = message.header().length();
        if (range.offset() < headerEnd) {
            pieces.add(message.header().slice((int) range.offset(), (int) Math.min(headerEnd, range.end())));
        }
        Buffer body = message.firstOctets();
        if (body != null && range.end() > headerEnd) {
            long from = Math.max(0, range.offset() - headerEnd);
            long to = Math.min(body.length(), range.end() - headerEnd);
            pieces.add(body.slice((int) from, (int) to));
        }
        return pieces;
    }

    /** All of a range that is a header, as far as one is looked at. */
    Future<Buffer> header(OctetRange range) {
        OctetRange header = range.partial(0, MAX_HEADER);
        List<Buffer> pieces = lengthHere(header) == header.length() ? here(header) : List.of();
        if (pieces.size() == 1) {
            return Future.succeededFuture(pieces.get(0));
        }
        Buffer octets = Buffer.buffer((int) header.length());
        if (!pieces.isEmpty()) {
            pieces.forEach(octets::appendBuffer);
            return Future.succeededFuture(octets);
        }
        return EachInOrder.whileTrue(() -> read(header.partial(octets.length(), header.length()))
                        .map(slice -> octets.appendBuffer(slice).length() < header.length()))
                .map(octets);
    }

    /** A range's first octets, at least one, as many as are at hand; fails when there are none though there should be. */
    Future<Buffer> slice(OctetRange range) {
        return lengthHere(range) > 0 ? Future.succeededFuture(here(range).get(0)) : read(range);
    }

    /** The same, from the store. */
    Future<Buffer> read(OctetRange range) {
        return contents.read(accountId, message.message().contentId(), range.offset(), range.length())
                .map(slice -> {
                    if (slice.length() == 0) {
                        throw new Refusal(Refusal.Kind.EXPUNGED, "The message's octets are gone");
                    }
                    return slice;
                });
    }
}
