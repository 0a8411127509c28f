package io.postrider.store.postgres;

import io.postrider.message.MessageStructure;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.Flags;
import io.postrider.store.MailboxKey;
import io.postrider.store.Message;
import io.postrider.store.Messages;
import io.postrider.store.ThreadRow;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads messages of a mailbox, with as much of their content as is asked for: what is remembered of it is not read again. */
final class MessageReader {
    /** Ranges of UIDs given to one statement; who asks for more scattered ones gets them by and by. */
    private static final int FETCH_RANGES = 4 * 1024;
    /** Rows of an answer that does not hold up others that share its connection. */
    private static final int SHORT_ANSWER_ROWS = 1000;

    private final Database database;
    private final ContentCache contents;

    MessageReader(Database database, ContentCache contents) {
        this.database = database;
        this.contents = contents;
    }

    Future<List<FetchedMessage>> fetch(MailboxKey mailbox, UidSet uids, Set<Field> fields, int limit) {
        if (uids.isEmpty() || limit < 1) {
            return Future.succeededFuture(List.of());
        }
        UidSet now = uids.firstRanges(FETCH_RANGES);
        return fetchAmong(mailbox, now, fields, Math.min(limit, mostRows(fields)))
                .compose(found -> found.isEmpty() && now.max() < uids.max()
                        ? fetch(mailbox, uids.above(now.max()), fields, limit)
                        : Future.succeededFuture(found));
    }

    private Future<List<FetchedMessage>> fetchAmong(MailboxKey mailbox, UidSet uids, Set<Field> fields, int limit) {
        Tuple arguments = Tuple.of(
                mailbox.accountId(), mailbox.mailboxId(), UidArrays.firsts(uids), UidArrays.lasts(uids), (long) limit);
        if (fields.isEmpty()) {
            return rows(mailbox, limit, arguments);
        }
        return contents.mayKnow(mailbox, uids.min(), fields)
                ? rows(mailbox, limit, arguments)
                        .compose(rows -> withContent(new Batch(mailbox, uids, fields, limit), rows))
                : fetchContent(mailbox, fields, arguments);
    }

    private Future<List<FetchedMessage>> rows(MailboxKey mailbox, int limit, Tuple arguments) {
        Future<RowSet<Row>> rows = limit > SHORT_ANSWER_ROWS
                ? database.executeApart(mailbox.accountId(), MessageQueries.FETCH, arguments)
                : database.execute(MessageQueries.FETCH, arguments);
        return rows.map(found -> fetched(found, row -> narrow(message(row))));
    }

    /** One question for messages with content. */
    private record Batch(MailboxKey mailbox, UidSet uids, Set<Field> fields, int limit) {}

    /** Rows that were read alone, with content as it is remembered, or else read now: as many as may be given at once. */
    private Future<List<FetchedMessage>> withContent(Batch batch, List<FetchedMessage> rows) {
        List<FetchedMessage> known = new ArrayList<>(rows.size());
        UidSet.Builder missing = new UidSet.Builder();
        long octets = 0;
        for (FetchedMessage row : rows) {
            if (octets >= Messages.MAX_FETCH_OCTETS) {
                break;
            }
            FetchedMessage remembered = contents.find(batch.mailbox, row.message(), batch.fields);
            known.add(remembered);
            if (remembered == null) {
                missing.add(row.message().uid());
            } else {
                octets += ContentCache.octets(remembered, batch.fields);
            }
        }
        UidSet asked = missing.build();
        if (asked.isEmpty()) {
            return Future.succeededFuture(known);
        }
        return fetchContent(batch, asked).compose(read -> {
            List<FetchedMessage> all = merged(rows, known, read);
            // All that was to be read is gone meanwhile, and perhaps others are there.
            return all.isEmpty() ? fetchContent(batch, batch.uids) : Future.succeededFuture(all);
        });
    }

    /** In order, and no further than what was missing has been read. */
    private static List<FetchedMessage> merged(
            List<FetchedMessage> rows, List<FetchedMessage> known, List<FetchedMessage> read) {
        long readUpTo = read.isEmpty()
                ? Long.MAX_VALUE
                : read.get(read.size() - 1).message().uid();
        List<FetchedMessage> all = new ArrayList<>(known.size());
        int next = 0;
        for (int i = 0; i < known.size(); i++) {
            long uid = rows.get(i).message().uid();
            if (known.get(i) != null) {
                all.add(known.get(i));
                continue;
            }
            if (uid > readUpTo) {
                break;
            }
            if (next < read.size() && read.get(next).message().uid() == uid) {
                all.add(read.get(next++));
            }
        }
        return all;
    }

    private Future<List<FetchedMessage>> fetchContent(Batch batch, UidSet uids) {
        MailboxKey mailbox = batch.mailbox;
        return fetchContent(
                mailbox,
                batch.fields,
                Tuple.of(mailbox.accountId(), mailbox.mailboxId(), UidArrays.firsts(uids), UidArrays.lasts(uids), (long)
                        batch.limit));
    }

    private Future<List<FetchedMessage>> fetchContent(MailboxKey mailbox, Set<Field> fields, Tuple arguments) {
        boolean firstOctets = fields.contains(Field.FIRST_OCTETS);
        arguments.addLong((long) Messages.MAX_FETCH_OCTETS);
        arguments.addBoolean(firstOctets || fields.contains(Field.HEADER));
        arguments.addBoolean(fields.contains(Field.ENVELOPE));
        arguments.addBoolean(fields.contains(Field.BODYSTRUCTURE));
        arguments.addBoolean(fields.contains(Field.BODY));
        arguments.addBoolean(fields.contains(Field.STRUCTURE));
        arguments.addBoolean(firstOctets);
        arguments.addBoolean(fields.contains(Field.PREVIEW));
        return database.execute(MessageQueries.FETCH_CONTENT, arguments)
                .map(rows -> fetched(rows, row -> withContent(row, firstOctets)))
                .onSuccess(fetched -> contents.keep(mailbox, fetched));
    }

    Future<List<ThreadRow>> threadRows(MailboxKey mailbox, UidSet uids) {
        if (uids.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        UidSet now = uids.firstRanges(FETCH_RANGES);
        Tuple arguments =
                Tuple.of(mailbox.accountId(), mailbox.mailboxId(), UidArrays.firsts(now), UidArrays.lasts(now), (long)
                        Messages.THREAD_ROWS);
        return database.executeApart(mailbox.accountId(), MessageQueries.THREAD_ROWS, arguments)
                .map(found -> ThreadRows.of(PostgresMessages.existing(found).getBuffer("rows")))
                .compose(rows -> rows.isEmpty() && now.max() < uids.max()
                        ? threadRows(mailbox, uids.above(now.max()))
                        : Future.succeededFuture(rows));
    }

    /** No more than may well fit: rows beyond {@link Messages#MAX_FETCH_OCTETS} are looked up in vain. */
    private static int mostRows(Set<Field> fields) {
        if (fields.contains(Field.FIRST_OCTETS)) {
            return 256;
        }
        return fields.isEmpty() ? Messages.MAX_FETCH_ROWS : SHORT_ANSWER_ROWS;
    }

    private interface RowMapper {
        FetchedMessage map(Row row);
    }

    private static List<FetchedMessage> fetched(RowSet<Row> rows, RowMapper mapper) {
        List<FetchedMessage> all = new ArrayList<>(rows.size());
        if (PostgresMessages.existing(rows).getLong("uid") != null) {
            rows.forEach(row -> all.add(mapper.map(row)));
        }
        return all;
    }

    private static Message message(Row row) {
        return new Message(
                row.getLong("uid"),
                row.getLong("modseq"),
                new Flags(row.getShort("flags"), Keywords.of(row.getArrayOfStrings("keywords"))),
                row.getOffsetDateTime("internal_date").toInstant(),
                row.getOffsetDateTime("save_date").toInstant(),
                row.getLong("size"),
                row.getLong("content_id"));
    }

    private static FetchedMessage narrow(Message message) {
        return new FetchedMessage(message, null, null, null, null, null, null, null, null);
    }

    private static FetchedMessage withContent(Row row, boolean firstOctetsWanted) {
        Buffer structure = row.getBuffer("structure");
        Buffer firstOctets = row.getBuffer("first_octets");
        return new FetchedMessage(
                message(row),
                row.getBuffer("header"),
                row.getBuffer("envelope"),
                row.getBuffer("bodystructure"),
                row.getBuffer("body"),
                structure == null ? null : MessageStructure.fromBytes(structure.getBytes()),
                // A message without body has no chunk.
                firstOctets == null && firstOctetsWanted ? Buffer.buffer() : firstOctets,
                row.getLong("thread_id"),
                row.getString("preview"));
    }
}
