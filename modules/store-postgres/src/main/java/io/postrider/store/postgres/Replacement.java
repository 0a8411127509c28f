package io.postrider.store.postgres;

import io.postrider.store.MailboxKey;
import io.postrider.store.Messages.Appended;
import io.postrider.store.Messages.Replaced;
import io.postrider.store.Refusal;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * One message for another, in one transaction. The old one goes first, so that what it took of the quota is free for the
 * new one; if that cannot be appended, nothing has happened.
 *
 * @param message the new one
 */
record Replacement(Database database, MailboxKey from, long uid, MailboxKey to, Arriving message) {
    Future<Replaced> run() {
        return database.transaction(from.accountId(), "messages.replace", this::replace);
    }

    private Future<Replaced> replace(Transaction transaction) {
        Long[] locked = {from.mailboxId(), to.mailboxId()};
        transaction.execute(FlagQueries.LOCK, Tuple.of(from.accountId()).addValue(locked));
        Future<Long> removed = transaction
                .execute(FlagQueries.REMOVE, PostgresMessages.among(from, UidSet.of(uid)))
                .map(rows -> {
                    long modSeq = PostgresMessages.existing(rows).getLong("change");
                    if (modSeq == 0) {
                        throw new Refusal(Refusal.Kind.EXPUNGED, "the message is gone");
                    }
                    return modSeq;
                });
        Future<RowSet<Row>> appended = transaction.execute(
                AppendQueries.APPEND, AppendArguments.append(MailboxTarget.of(to), List.of(List.of(message))));
        return removed.compose(modSeq -> appended.compose(rows ->
                rows.size() == 0 ? refused(transaction) : Future.succeededFuture(replaced(Rows.only(rows), modSeq))));
    }

    private static Replaced replaced(Row row, long expungeModSeq) {
        UidSet uid = UidSet.of(row.getLong("first_uid"));
        return new Replaced(
                new Appended(row.getLong("uid_validity"), uid, row.getLong("modseq_before") + 1), expungeModSeq);
    }

    private Future<Replaced> refused(Transaction transaction) {
        return transaction
                .execute(AppendQueries.WHY_NOT, AppendArguments.whyNot(MailboxTarget.of(to), List.of(message)))
                .compose(rows -> {
                    Throwable reason = MailboxWriter.reason(rows);
                    return Future.failedFuture(
                            reason == null
                                    ? new StoreUnavailableException("the mailbox changes too fast", null)
                                    : reason);
                });
    }
}
