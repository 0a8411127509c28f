package io.postrider.store.postgres;

import io.postrider.message.MessageParser;
import io.postrider.message.ParsedMessage;
import io.postrider.message.ParserLimits;
import io.postrider.message.TextRoom;
import io.postrider.store.Contents;
import io.postrider.store.IncomingMessage;
import io.postrider.store.NewContent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * A message that is arriving. Its header stays in memory, bounded by the parser; its body does while it is no longer than a
 * chunk, and then goes to chunk rows of all its accounts, one statement a chunk.
 */
final class SpillingMessage implements IncomingMessage {
    /** Chunks on their way to the database; at that many, {@link #write} waits. */
    static final int WINDOW = 3;

    private final Database database;
    private final ContentIds ids;
    private final List<Long> accountIds;
    private final MessageParser parser;

    private long size;
    private Buffer header = Buffer.buffer();
    private Buffer chunk = Buffer.buffer();
    private int chunks;
    private Future<Long> contentId;
    private int inFlight;
    private Throwable failure;
    private Promise<Void> room;
    private boolean over;

    SpillingMessage(Database database, ContentIds ids, List<Long> accountIds, TextRoom room) {
        this.parser = new MessageParser(ParserLimits.DEFAULT, room);
        this.database = database;
        this.ids = ids;
        this.accountIds = List.copyOf(accountIds);
    }

    @Override
    public Future<Void> write(Buffer octets) {
        if (over) {
            return Future.failedFuture(new IllegalStateException("the message is over"));
        }
        size += octets.length();
        byte[] bytes = octets.getBytes();
        parser.feed(bytes, 0, bytes.length);
        if (header == null) {
            addToBody(octets, 0);
        } else {
            header.appendBuffer(octets);
            if (parser.headerComplete()) {
                endHeader(parser.headerLength());
            }
        }
        return room();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Future<NewContent> end() {
        if (over) {
            return Future.failedFuture(new IllegalStateException("the message is over"));
        }
        over = true;
        ParsedMessage parsed = parser.finish();
        if (header != null) {
            endHeader(parsed.header().length);
        }
        if (chunks == 0) {
            return Future.succeededFuture(ReceivedContent.inMemory(parsed, size, chunk));
        }
        if (chunk.length() > 0) {
            spill();
        }
        return allWritten().map(v -> ReceivedContent.inChunks(parsed, size, contentId.result(), accountIds));
    }

    @Override
    public void discard() {
        over = true;
        parser.abandon();
        header = null;
        chunk = Buffer.buffer();
    }

    private void endHeader(int length) {
        Buffer octets = header;
        header = null;
        addToBody(octets, length);
    }

    private void addToBody(Buffer octets, int from) {
        int at = from;
        while (at < octets.length()) {
            if (chunk.length() == Contents.CHUNK_OCTETS) {
                spill();
            }
            int taken = Math.min(Contents.CHUNK_OCTETS - chunk.length(), octets.length() - at);
            chunk.appendBuffer(octets, at, taken);
            at += taken;
        }
    }

    private void spill() {
        Buffer octets = chunk;
        int n = chunks++;
        chunk = Buffer.buffer();
        inFlight++;
        database.metrics().chunksWritten.increment(accountIds.size());
        if (n == 0) {
            contentId = Here.future(ids.next().compose(id -> database.executeApart(
                            accountIds.get(0), ContentQueries.BEGIN, Tuple.of(accounts(), id, octets))
                    .map(id)));
            contentId.onComplete((id, failed) -> written(failed));
        } else {
            // Not before the first: that one's row in "incoming" is what the sweep finds them all by.
            contentId
                    .compose(id -> database.executeApart(
                            accountIds.get(0), ContentQueries.ADD_CHUNK, Tuple.of(accounts(), id, n, octets)))
                    .onComplete((rows, failed) -> written(failed));
        }
    }

    private Long[] accounts() {
        return accountIds.toArray(Long[]::new);
    }

    private void written(Throwable failed) {
        inFlight--;
        if (failure == null) {
            failure = failed;
        }
        if (room != null && (failure != null || inFlight < (over ? 1 : WINDOW))) {
            Promise<Void> waiting = room;
            room = null;
            complete(waiting);
        }
    }

    private Future<Void> room() {
        if (failure == null && inFlight < WINDOW) {
            return Future.succeededFuture();
        }
        return waiting(WINDOW);
    }

    private Future<Void> allWritten() {
        return waiting(1);
    }

    private Future<Void> waiting(int below) {
        Promise<Void> waiting = Here.promise();
        if (failure != null || inFlight < below) {
            complete(waiting);
        } else {
            room = waiting;
        }
        return waiting.future();
    }

    private void complete(Promise<Void> waiting) {
        if (failure != null) {
            waiting.fail(failure);
        } else {
            waiting.complete();
        }
    }
}
