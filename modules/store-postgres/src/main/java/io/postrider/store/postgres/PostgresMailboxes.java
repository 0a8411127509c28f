package io.postrider.store.postgres;

import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Mailboxes;
import io.postrider.store.SpecialUse;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The mailboxes of an account, in SQL. */
final class PostgresMailboxes implements Mailboxes {
    PostgresMailboxes(Database database, PostgresChangeFeed changes) {}

    @Override
    public Future<List<Mailbox>> list(long accountId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Optional<Mailbox>> find(long accountId, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Mailbox> get(MailboxKey mailbox) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Mailbox> create(long accountId, String name, Optional<SpecialUse> specialUse) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> rename(long accountId, String from, String to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> delete(long accountId, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> subscribe(long accountId, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> unsubscribe(long accountId, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<String>> subscriptions(long accountId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Usage> usage(long accountId) {
        throw new UnsupportedOperationException();
    }
}
