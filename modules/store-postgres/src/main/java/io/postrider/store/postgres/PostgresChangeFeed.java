package io.postrider.store.postgres;

import io.postrider.store.ChangeFeed;
import io.postrider.store.MailboxKey;
import io.vertx.core.Future;

/** News of mailboxes: told at once to this node's watches, and to other nodes by NOTIFY. */
final class PostgresChangeFeed implements ChangeFeed {
    PostgresChangeFeed(Database database) {}

    Future<Void> start() {
        return Future.succeededFuture();
    }

    Future<Void> stop() {
        return Future.succeededFuture();
    }

    /** To be called after the commit that made the change. Never fails, never waits. */
    void announce(MailboxKey mailbox, long highestModSeq) {}

    @Override
    public Watch watch(MailboxKey mailbox, Listener listener) {
        return () -> {};
    }
}
