package io.postrider.store.postgres;

import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Mailboxes;
import io.postrider.store.Refusal;
import io.postrider.store.SpecialUse;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The mailboxes of an account, in SQL.
 *
 * <p>What holds at all times: each mailbox's parents are rows too, by creation real ones, mere parents only where one with
 * children was deleted. A mailbox_id names one mailbox for good: a mere parent gets another, and so sessions that had the
 * deleted one selected see that it is gone.
 */
final class PostgresMailboxes implements Mailboxes {
    /** Names on an account's subscribed list. */
    static final int MAX_SUBSCRIPTIONS = MAX_MAILBOXES;

    private final Database database;
    private final PostgresChangeFeed changes;

    PostgresMailboxes(Database database, PostgresChangeFeed changes) {
        this.database = database;
        this.changes = changes;
    }

    @Override
    public Future<List<Mailbox>> list(long accountId) {
        // Apart: an account may have thousands.
        return database.executeApart(accountId, MailboxQueries.LIST, Tuple.of(accountId))
                .map(Rows.each(MailboxQueries::mailbox));
    }

    @Override
    public Future<Optional<Mailbox>> find(long accountId, String name) {
        return Names.mailbox(name)
                .map(canonical -> database.execute(MailboxQueries.FIND, Tuple.of(accountId, canonical))
                        .map(Rows.first(MailboxQueries::mailbox)))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    @Override
    public Future<Mailbox> get(MailboxKey mailbox) {
        return database.execute(MailboxQueries.GET, Tuple.of(mailbox.accountId(), mailbox.mailboxId()))
                .map(Rows.first(MailboxQueries::mailbox))
                .map(found -> found.orElseThrow(PostgresMailboxes::nonexistent));
    }

    @Override
    public Future<Optional<ContinuedUids>> continueUids(MailboxKey mailbox, long uidValidity, long uidNext) {
        return database.executeApart(
                        mailbox.accountId(),
                        MailboxQueries.CONTINUE_UIDS,
                        Tuple.of(mailbox.accountId(), mailbox.mailboxId(), uidValidity, uidNext))
                .map(Rows.first(row -> new ContinuedUids(row.getLong("uid_next"), row.getLong("imported_uid_next"))));
    }

    @Override
    public Future<Mailbox> create(long accountId, String name, Optional<SpecialUse> specialUse) {
        return checked(name, canonical -> underAccountLock(
                        "mailboxes.create", accountId, tx -> create(tx, accountId, canonical, specialUse))
                .onSuccess(created -> changes.announceNames(accountId)));
    }

    private static Future<Mailbox> create(
            Transaction tx, long accountId, String name, Optional<SpecialUse> specialUse) {
        String[] names = Names.withParents(name).toArray(String[]::new);
        String use = specialUse.map(SpecialUse::name).orElse(null);
        return tx.execute(MailboxQueries.CREATE, Tuple.of(accountId, names, name, use, (long) MAX_MAILBOXES))
                .map(rows -> {
                    Row row = Rows.only(rows);
                    if (row.getLong("mailbox_id") != null) {
                        return MailboxQueries.mailbox(row);
                    }
                    long bound = row.getLong("bound");
                    if (row.getLong("lacking") + row.getLong("present") > bound && row.getLong("lacking") > 0) {
                        throw new Refusal(
                                Refusal.Kind.LIMIT,
                                "This account may have " + Math.max(0, bound) + " mailboxes at most");
                    }
                    throw alreadyExists();
                });
    }

    @Override
    public Future<Void> rename(long accountId, String from, String to) {
        Optional<String> source = Names.mailbox(from);
        if (source.isEmpty()) {
            return Future.failedFuture(nonexistent());
        }
        if (source.get().equals(INBOX)) {
            return checked(to, target -> renameInbox(accountId, target));
        }
        return checked(to, target -> {
            if (target.startsWith(source.get() + SEPARATOR)) {
                throw new Refusal(Refusal.Kind.CANNOT, "A mailbox cannot be moved below itself");
            }
            return underAccountLock("mailboxes.rename", accountId, tx -> checkRename(
                                    tx, accountId, source.get(), target)
                            .compose(mailbox -> createParents(tx, accountId, target))
                            .compose(v -> tx.execute(MailboxQueries.RENAME, Tuple.of(accountId, source.get(), target)))
                            .<Void>mapEmpty())
                    .onSuccess(renamed -> changes.announceNames(accountId));
        });
    }

    /** The mailbox to be renamed. */
    private static Future<MailboxKey> checkRename(Transaction tx, long accountId, String from, String to) {
        return tx.execute(MailboxQueries.RENAME_FACTS, Tuple.of(accountId, from, to))
                .map(rows -> {
                    Row facts = Rows.only(rows);
                    if (!Boolean.TRUE.equals(facts.getBoolean("source_is_there"))) {
                        throw nonexistent();
                    }
                    if (facts.getBoolean("target_is_there")) {
                        throw alreadyExists();
                    }
                    int deeper = Names.withParents(to).size()
                            - Names.withParents(from).size();
                    Names.checkBounds(facts.getInteger("longest"), facts.getInteger("deepest") + deeper);
                    return new MailboxKey(accountId, facts.getLong("mailbox_id"));
                });
    }

    private static Future<Void> createParents(Transaction tx, long accountId, String name) {
        int end = name.lastIndexOf(SEPARATOR);
        if (end < 0) {
            return Future.succeededFuture();
        }
        return create(tx, accountId, name.substring(0, end), Optional.empty())
                .recover(failure -> failure instanceof Refusal refusal && refusal.kind() == Refusal.Kind.ALREADY_EXISTS
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure))
                .mapEmpty();
    }

    /** INBOX stays, empty; a new mailbox gets its messages; what lies below INBOX is not touched. RFC 3501 §6.3.5 */
    private Future<Void> renameInbox(long accountId, String to) {
        return underAccountLock("mailboxes.renameInbox", accountId, tx -> create(tx, accountId, to, Optional.empty())
                        .compose(target -> moveAll(tx, accountId, target.key())))
                .onSuccess(inbox -> {
                    changes.announce(inbox.key(), inbox.modSeq());
                    changes.announceNames(accountId);
                })
                .mapEmpty();
    }

    private static Future<Emptied> moveAll(Transaction tx, long accountId, MailboxKey target) {
        return tx.execute(MailboxQueries.FIND, Tuple.of(accountId, INBOX))
                .map(Rows.first(MailboxQueries::mailbox))
                .map(inbox -> inbox.orElseThrow(PostgresMailboxes::nonexistent).key())
                .compose(inbox -> {
                    // By itself, so that the statement behind it sees what was committed while this one waited.
                    tx.execute(MailboxQueries.LOCK_MAILBOX, Tuple.of(accountId, inbox.mailboxId()));
                    return tx.execute(
                                    MailboxQueries.MOVE_ALL, Tuple.of(accountId, inbox.mailboxId(), target.mailboxId()))
                            .map(rows -> new Emptied(inbox, Rows.only(rows).getLong("highest_modseq")));
                });
    }

    private record Emptied(MailboxKey key, long modSeq) {}

    @Override
    public Future<Void> delete(long accountId, String name) {
        Optional<String> canonical = Names.mailbox(name);
        if (canonical.isEmpty()) {
            return Future.failedFuture(nonexistent());
        }
        if (canonical.get().equals(INBOX)) {
            return Future.failedFuture(new Refusal(Refusal.Kind.CANNOT, "INBOX cannot be deleted"));
        }
        return underAccountLock("mailboxes.delete", accountId, tx -> delete(tx, accountId, canonical.get()))
                .onSuccess(deleted -> {
                    changes.announce(deleted, Long.MAX_VALUE);
                    changes.announceNames(accountId);
                })
                .mapEmpty();
    }

    private static Future<MailboxKey> delete(Transaction tx, long accountId, String name) {
        return tx.execute(MailboxQueries.LOCK_TO_DELETE, Tuple.of(accountId, name))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        throw nonexistent();
                    }
                    Row row = Rows.only(rows);
                    boolean hasChildren = row.getBoolean("has_children");
                    if (hasChildren && !row.getBoolean("selectable")) {
                        throw new Refusal(Refusal.Kind.HAS_CHILDREN, "There are mailboxes below it");
                    }
                    MailboxKey mailbox = new MailboxKey(accountId, row.getLong("mailbox_id"));
                    Future<?> deleted = tx.execute(MailboxQueries.DELETE, Tuple.of(accountId, mailbox.mailboxId()));
                    return (hasChildren
                                    ? tx.execute(MailboxQueries.INSERT_MERE_PARENT, Tuple.of(accountId, name))
                                    : deleted)
                            .map(mailbox);
                });
    }

    @Override
    public Future<Void> subscribe(long accountId, String name) {
        return checked(name, canonical -> database.executeApart(
                        accountId, MailboxQueries.SUBSCRIBE, Tuple.of(accountId, canonical, (long) MAX_SUBSCRIPTIONS))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new Refusal(Refusal.Kind.LIMIT, "At most " + MAX_SUBSCRIPTIONS + " subscribed names");
                    }
                    changes.announceNames(accountId);
                    return null;
                }));
    }

    @Override
    public Future<Void> unsubscribe(long accountId, String name) {
        return Names.mailbox(name)
                .map(canonical -> database.executeApart(
                                accountId, MailboxQueries.UNSUBSCRIBE, Tuple.of(accountId, canonical))
                        .onSuccess(done -> changes.announceNames(accountId))
                        .<Void>mapEmpty())
                .orElseGet(Future::succeededFuture);
    }

    @Override
    public Future<List<String>> subscriptions(long accountId) {
        return database.executeApart(accountId, MailboxQueries.SUBSCRIPTIONS, Tuple.of(accountId))
                .map(Rows.each(row -> row.getString("name")));
    }

    @Override
    public Future<Map<Long, Long>> recent(long accountId, List<Long> mailboxIds) {
        return database.execute(MailboxQueries.RECENT, Tuple.of(accountId, (Object) mailboxIds.toArray(Long[]::new)))
                .map(rows -> {
                    Map<Long, Long> recent = new HashMap<>();
                    rows.forEach(row -> recent.put(row.getLong("mailbox_id"), row.getLong("messages")));
                    return recent;
                });
    }

    @Override
    public Future<Map<Long, Long>> deletedOctets(long accountId, List<Long> mailboxIds) {
        return database.execute(
                        MailboxQueries.DELETED_OCTETS, Tuple.of(accountId, (Object) mailboxIds.toArray(Long[]::new)))
                .map(rows -> {
                    Map<Long, Long> octets = new HashMap<>();
                    rows.forEach(row -> octets.put(row.getLong("mailbox_id"), row.getLong("octets")));
                    return octets;
                });
    }

    @Override
    public Future<Usage> usage(long accountId) {
        return database.execute(MailboxQueries.USAGE, Tuple.of(accountId))
                .map(Rows.first(MailboxQueries::usage))
                .map(found ->
                        found.orElseThrow(() -> new Refusal(Refusal.Kind.NONEXISTENT, "There is no such account")));
    }

    private <T> Future<T> underAccountLock(String name, long accountId, Function<Transaction, Future<T>> work) {
        return database.transaction(accountId, name, tx -> {
            // Sent together with the work's first statement, which starts once the lock is there.
            Future<RowSet<Row>> locked = tx.execute(MailboxQueries.LOCK_ACCOUNT, Tuple.of(accountId));
            Future<T> worked = work.apply(tx);
            return locked.compose(account -> account.size() == 0
                    ? Future.failedFuture(new Refusal(Refusal.Kind.NONEXISTENT, "There is no such account"))
                    : worked);
        });
    }

    private static <T> Future<T> checked(String name, Function<String, Future<T>> work) {
        try {
            return work.apply(Names.newMailbox(name));
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private static Refusal nonexistent() {
        return new Refusal(Refusal.Kind.NONEXISTENT, "There is no such mailbox");
    }

    private static Refusal alreadyExists() {
        return new Refusal(Refusal.Kind.ALREADY_EXISTS, "There is a mailbox of that name");
    }
}
