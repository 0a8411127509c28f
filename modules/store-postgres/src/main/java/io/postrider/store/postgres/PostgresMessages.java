package io.postrider.store.postgres;

import io.postrider.store.FetchedMessage;
import io.postrider.store.FlagChange;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.NewContent;
import io.postrider.store.NewMessage;
import io.postrider.store.SearchKey;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The messages of mailboxes, in SQL. */
final class PostgresMessages implements Messages {
    PostgresMessages(Database database, PostgresChangeFeed changes) {}

    @Override
    public Future<Opened> open(MailboxKey mailbox, boolean claimRecent) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Changes> changesSince(MailboxKey mailbox, long modSeq, boolean claimRecent) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Appended> append(MailboxKey mailbox, List<NewMessage> messages) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Appended> deliver(long accountId, String mailboxName, NewContent content, Buffer trace) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<FetchedMessage>> fetch(
            MailboxKey mailbox, UidSet uids, Set<FetchedMessage.Field> fields, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Stored> store(MailboxKey mailbox, UidSet uids, FlagChange change, OptionalLong unchangedSince) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Copied> copy(MailboxKey from, UidSet uids, MailboxKey to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Copied> move(MailboxKey from, UidSet uids, MailboxKey to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Expunged> expunge(MailboxKey mailbox, UidSet among) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Expunged> remove(MailboxKey mailbox, UidSet uids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Found> search(MailboxKey mailbox, SearchKey key) {
        throw new UnsupportedOperationException();
    }
}
