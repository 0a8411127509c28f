package io.postrider.store.postgres;

import io.postrider.store.FetchedMessage;
import io.postrider.store.FlagChange;
import io.postrider.store.Flags;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.NewContent;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.postrider.store.SearchKey;
import io.postrider.store.SortKey;
import io.postrider.store.ThreadRow;
import io.postrider.store.TimeSpent;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** The messages of mailboxes, in SQL. */
final class PostgresMessages implements Messages {
    private static final Buffer NO_TRACE = Buffer.buffer();

    private final Database database;
    private final PostgresChangeFeed changes;
    private final ContentIds ids;
    private final MailboxWriter writer;
    private final MailboxReader reader;
    private final MessageReader messages;

    PostgresMessages(Database database, PostgresChangeFeed changes, ContentIds ids, ContentCache contents) {
        this.database = database;
        this.changes = changes;
        this.ids = ids;
        this.writer = new MailboxWriter(database, changes);
        this.reader = new MailboxReader(database);
        this.messages = new MessageReader(database, contents);
    }

    @Override
    public Future<Opened> open(MailboxKey mailbox, boolean claimRecent) {
        return reader.open(mailbox, claimRecent);
    }

    @Override
    public Future<Changes> changesSince(MailboxKey mailbox, long modSeq, boolean claimRecent) {
        return reader.changesSince(mailbox, modSeq, claimRecent);
    }

    @Override
    public Future<Since> since(MailboxKey mailbox, long modSeq) {
        return reader.since(mailbox, modSeq);
    }

    @Override
    public Future<Appended> append(MailboxKey mailbox, List<NewMessage> messages) {
        return checked(() -> {
            if (messages.isEmpty()) {
                throw new IllegalArgumentException("nothing to append");
            }
            Keywords.checked(messages.stream()
                    .flatMap(message -> message.flags().keywords().stream())
                    .toList());
            List<Future<Arriving>> arriving = new ArrayList<>();
            for (NewMessage message : messages) {
                ReceivedContent content = (ReceivedContent) message.content();
                arriving.add(Arriving.of(
                        ids, mailbox.accountId(), content, NO_TRACE, message.flags(), message.internalDate()));
            }
            return Future.all(arriving).compose(all -> writer.write(MailboxTarget.of(mailbox), all.<Arriving>list()));
        });
    }

    @Override
    public Future<Replaced> replace(MailboxKey from, long uid, MailboxKey to, NewMessage message) {
        return checked(() -> {
            sameAccount(from, to);
            Keywords.checked(message.flags().keywords());
            ReceivedContent content = (ReceivedContent) message.content();
            return Arriving.of(ids, to.accountId(), content, NO_TRACE, message.flags(), message.internalDate())
                    .compose(arriving -> new Replacement(database, from, uid, to, arriving).run())
                    .onSuccess(replaced -> {
                        changes.announce(from, replaced.expungeModSeq());
                        changes.announce(to, replaced.appended().modSeq());
                    });
        });
    }

    @Override
    public Future<Appended> deliver(long accountId, String mailboxName, NewContent content, Buffer trace) {
        return checked(() -> Arriving.of(ids, accountId, (ReceivedContent) content, trace, Flags.NONE, null)
                .compose(TimeSpent.stillWithin(
                        message -> writer.write(MailboxTarget.named(accountId, mailboxName), List.of(message)))));
    }

    @Override
    public Future<List<FetchedMessage>> fetch(
            MailboxKey mailbox, UidSet uids, Set<FetchedMessage.Field> fields, int limit) {
        return messages.fetch(mailbox, uids, fields, limit);
    }

    @Override
    public Future<Stored> store(MailboxKey mailbox, UidSet uids, FlagChange change, OptionalLong unchangedSince) {
        return checked(() -> {
            Tuple arguments = among(mailbox, uids);
            arguments.addInteger(change.mode().ordinal());
            arguments.addShort((short) change.flags().bits());
            arguments.addValue(Keywords.checked(change.flags().keywords()));
            arguments.addLong(unchangedSince.orElse(Long.MAX_VALUE));
            arguments.addInteger(MAX_KEYWORDS);
            return behindLock(FlagQueries.STORE, arguments, mailbox).map(rows -> stored(mailbox, existing(rows)));
        });
    }

    @Override
    public Future<Copied> copy(MailboxKey from, UidSet uids, MailboxKey to) {
        return checked(() -> transfer(from, uids, to, false));
    }

    @Override
    public Future<Copied> move(MailboxKey from, UidSet uids, MailboxKey to) {
        return checked(() -> transfer(from, uids, to, true));
    }

    @Override
    public Future<Expunged> expunge(MailboxKey mailbox, UidSet among) {
        return expunged(FlagQueries.EXPUNGE, mailbox, among);
    }

    @Override
    public Future<Expunged> remove(MailboxKey mailbox, UidSet uids) {
        return expunged(FlagQueries.REMOVE, mailbox, uids);
    }

    @Override
    public Future<Found> search(MailboxKey mailbox, SearchKey key) {
        return checked(() -> {
            AssembledSearch search = AssembledSearch.of(mailbox, key);
            return database.executeApart(mailbox.accountId(), search.statement(), search.arguments())
                    .map(rows -> {
                        Row row = existing(rows);
                        return new Found(
                                UidArrays.ofWords(row.getArrayOfLongs("words"), row.getArrayOfLongs("bits")),
                                search.namesModSeq() && row.getLong("modseq") != null ? row.getLong("modseq") : 0);
                    });
        });
    }

    @Override
    public Future<Sorted> sort(MailboxKey mailbox, SearchKey key, List<SortKey> order) {
        return checked(() -> {
            AssembledSearch search = AssembledSearch.sorted(mailbox, key, order);
            return database.executeApart(mailbox.accountId(), search.statement(), search.arguments())
                    .map(rows -> {
                        Row row = existing(rows);
                        return new Sorted(
                                UidArrays.ofOctets(row.getBuffer("uids")),
                                search.namesModSeq() && row.getLong("modseq") != null ? row.getLong("modseq") : 0);
                    });
        });
    }

    @Override
    public Future<List<ThreadRow>> threadRows(MailboxKey mailbox, UidSet uids) {
        return messages.threadRows(mailbox, uids);
    }

    private Stored stored(MailboxKey mailbox, Row row) {
        if (!row.getBoolean("fits")) {
            throw new Refusal(Refusal.Kind.LIMIT, "a mailbox may have " + MAX_KEYWORDS + " keywords");
        }
        long modSeq = row.getLong("change");
        if (modSeq != 0) {
            changes.announce(mailbox, modSeq);
        }
        return new Stored(MailboxReader.flagStates(row), UidArrays.ofList(row.getArrayOfLongs("modified")), modSeq);
    }

    private Future<Expunged> expunged(Statement statement, MailboxKey mailbox, UidSet uids) {
        return behindLock(statement, among(mailbox, uids), mailbox).map(rows -> {
            Row row = existing(rows);
            long modSeq = row.getLong("change");
            if (modSeq != 0) {
                changes.announce(mailbox, modSeq);
            }
            return new Expunged(UidArrays.ofList(row.getArrayOfLongs("uids")), modSeq);
        });
    }

    private Future<Copied> transfer(MailboxKey from, UidSet uids, MailboxKey to, boolean move) {
        sameAccount(from, to);
        Tuple arguments = among(from, uids);
        arguments.addBoolean(move);
        arguments.addInteger(MAX_KEYWORDS);
        arguments.addLong(to.mailboxId());
        return behindLock(FlagQueries.TRANSFER, arguments, from, to).map(rows -> transferred(from, to, existing(rows)));
    }

    private static void sameAccount(MailboxKey from, MailboxKey to) {
        if (from.accountId() != to.accountId()) {
            throw new IllegalArgumentException("messages never leave their account");
        }
    }

    private Copied transferred(MailboxKey from, MailboxKey to, Row row) {
        if (!row.getBoolean("source_exists")) {
            throw nonexistent();
        }
        if (!row.getBoolean("fits")) {
            throw new Refusal(Refusal.Kind.LIMIT, "a mailbox may have " + MAX_KEYWORDS + " keywords");
        }
        if (!row.getBoolean("within_quota")) {
            throw new Refusal(Refusal.Kind.OVER_QUOTA, "over quota");
        }
        UidSet source = UidArrays.ofList(row.getArrayOfLongs("uids"));
        if (source.isEmpty()) {
            return new Copied(row.getLong("uid_validity"), source, source, 0, 0);
        }
        long first = row.getLong("first_uid");
        changes.announce(to, row.getLong("target_change"));
        Long sourceChange = row.getLong("source_change");
        if (sourceChange != null && !from.equals(to)) {
            changes.announce(from, sourceChange);
        }
        return new Copied(
                row.getLong("uid_validity"),
                source,
                UidSet.range(first, first + source.size() - 1),
                sourceChange == null ? 0 : sourceChange,
                row.getInteger("quota_percent"));
    }

    /** The first five arguments of every statement that changes messages. */
    static Tuple among(MailboxKey mailbox, UidSet uids) {
        return Tuple.of(
                mailbox.accountId(),
                mailbox.mailboxId(),
                uids.isEmpty() ? 0 : uids.min(),
                uids.isEmpty() ? 0 : uids.max(),
                UidArrays.multirange(uids));
    }

    private Future<RowSet<Row>> behindLock(Statement statement, Tuple arguments, MailboxKey... mailboxes) {
        Long[] locked = Arrays.stream(mailboxes).map(MailboxKey::mailboxId).toArray(Long[]::new);
        return database.executeBehind(
                mailboxes[0].accountId(),
                FlagQueries.LOCK,
                Tuple.of(mailboxes[0].accountId()).addValue(locked),
                statement,
                arguments);
    }

    /** The one row a statement gives for a mailbox that is there. */
    static Row existing(RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw nonexistent();
        }
        return Rows.only(rows);
    }

    private static Refusal nonexistent() {
        return new Refusal(Refusal.Kind.NONEXISTENT, "no such mailbox");
    }

    private static <T> Future<T> checked(Supplier<Future<T>> work) {
        try {
            return work.get();
        } catch (Refusal | IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
    }
}
