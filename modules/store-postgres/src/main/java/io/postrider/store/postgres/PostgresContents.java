package io.postrider.store.postgres;

import io.postrider.message.TextRoom;
import io.postrider.store.Contents;
import io.postrider.store.IncomingMessage;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** The octets of messages, in chunk rows. */
final class PostgresContents implements Contents {
    private final Database database;
    private final ContentIds ids;
    private final TextRoom textRoom = TextRoom.ofHeap();

    PostgresContents(Database database, ContentIds ids) {
        this.database = database;
        this.ids = ids;
    }

    @Override
    public IncomingMessage receive(List<Long> accountIds) {
        return new SpillingMessage(database, ids, accountIds, textRoom);
    }

    @Override
    public Future<Buffer> read(long accountId, long contentId, long offset, long length) {
        if (offset < 0 || length < 0) {
            return Future.failedFuture(new IllegalArgumentException("offset " + offset + ", length " + length));
        }
        int most = (int) Math.min(length, CHUNK_OCTETS);
        Future<RowSet<Row>> rows = offset == 0
                ? database.execute(ContentQueries.READ_BEGINNING, Tuple.of(accountId, contentId, most))
                : database.execute(ContentQueries.READ, Tuple.of(accountId, contentId, offset, most));
        return rows.map(PostgresContents::slice)
                .onSuccess(octets -> database.metrics().chunksRead.increment());
    }

    private static Buffer slice(RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw new Refusal(Refusal.Kind.EXPUNGED, "the message is gone");
        }
        Row row = rows.iterator().next();
        Buffer fromHeader = row.getBuffer("from_header");
        Buffer fromChunks = row.getBuffer("from_chunks");
        if (fromChunks == null) {
            return fromHeader;
        }
        return fromHeader.length() == 0 ? fromChunks : fromHeader.appendBuffer(fromChunks);
    }
}
