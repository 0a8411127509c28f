package io.postrider.store.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/** Gives out content ids from blocks that this node takes from the sequence, so that one seldom costs a round trip. */
final class ContentIds {
    /** As the sequence is incremented. */
    static final int BLOCK = 1000;

    private final Database database;
    private long next;
    private long end;
    private Future<Void> refill;

    ContentIds(Database database) {
        this.database = database;
    }

    synchronized Future<Long> next() {
        if (next < end) {
            return Future.succeededFuture(next++);
        }
        if (refill == null || refill.isComplete()) {
            refill = database.execute(ContentQueries.NEXT_CONTENT_IDS, Tuple.tuple())
                    .onSuccess(rows -> refilled(rows.iterator().next().getLong(0)))
                    .mapEmpty();
        }
        return Here.future(refill.compose(v -> next()));
    }

    private synchronized void refilled(long first) {
        next = first;
        end = first + BLOCK;
    }
}
