package io.postrider.store.postgres;

import io.postrider.store.Contents;
import io.postrider.store.IncomingMessage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** The octets of messages, in chunk rows. */
final class PostgresContents implements Contents {
    PostgresContents(Database database) {}

    @Override
    public IncomingMessage receive(List<Long> accountIds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Buffer> read(long accountId, long contentId, long offset, long length) {
        throw new UnsupportedOperationException();
    }
}
