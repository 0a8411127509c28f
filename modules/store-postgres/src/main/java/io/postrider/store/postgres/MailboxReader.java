package io.postrider.store.postgres;

import io.postrider.message.MessageStructure;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.Flags;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Message;
import io.postrider.store.Messages;
import io.postrider.store.Messages.Changes;
import io.postrider.store.Messages.FlagState;
import io.postrider.store.Messages.Opened;
import io.postrider.store.Messages.Since;
import io.postrider.store.ThreadRow;
import io.postrider.store.TimeSpent;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads mailboxes, each answer as of one moment. */
final class MailboxReader {
    /** Ranges of UIDs given to one statement; who asks for more scattered ones gets them by and by. */
    private static final int FETCH_RANGES = 4 * 1024;
    /** Rows of an answer that does not hold up others that share its connection. */
    private static final int SHORT_ANSWER_ROWS = 1000;

    /** Messages from which on a mailbox with gaps has its UIDs kept. */
    static final int SNAPSHOT_MESSAGES = 5_000;
    /** They are kept anew when this share of the mailbox, counted in words of 64 UIDs, must be read beside them. */
    private static final int SNAPSHOT_SHARE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(MailboxReader.class);

    private final Database database;
    private final ContentCache contents;
    private final Set<MailboxKey> beingKept = ConcurrentHashMap.newKeySet();
    private final SharedAsks<ChangesAsked, Changes> changes;

    MailboxReader(Database database, ContentCache contents) {
        this.database = database;
        this.contents = contents;
        this.changes = new SharedAsks<>(this::askForChanges);
    }

    private record ChangesAsked(MailboxKey mailbox, long modSeq) {}

    Future<Opened> open(MailboxKey mailbox, boolean claimRecent) {
        return database.execute(MessageQueries.OPEN, Tuple.of(mailbox.accountId(), mailbox.mailboxId(), (long)
                        SNAPSHOT_MESSAGES))
                .compose(rows -> {
                    Row row = PostgresMessages.existing(rows);
                    if (Boolean.TRUE.equals(row.getBoolean("large"))) {
                        return openLarge(mailbox, claimRecent);
                    }
                    Opened opened = opened(row);
                    return claimRecent
                                    && opened.mailbox().recentFrom()
                                            < opened.mailbox().uidNext()
                            ? claimRecent(opened)
                            : Future.succeededFuture(opened);
                });
    }

    /** What came behind what is shown stays \\Recent. */
    private Future<Opened> claimRecent(Opened opened) {
        Mailbox shown = opened.mailbox();
        return database.executeApart(
                        shown.key().accountId(),
                        MessageQueries.CLAIM_RECENT,
                        Tuple.of(shown.key().accountId(), shown.key().mailboxId(), shown.uidNext()))
                .map(rows -> {
                    long before =
                            rows.size() == 0 ? shown.uidNext() : Rows.only(rows).getLong("recent_from");
                    return new Opened(withRecentFrom(shown, before), opened.uids(), opened.firstUnseen());
                });
    }

    private Future<Opened> openLarge(MailboxKey mailbox, boolean claimRecent) {
        return database.executeApart(
                        mailbox.accountId(),
                        MessageQueries.OPEN_LARGE,
                        Tuple.of(mailbox.accountId(), mailbox.mailboxId(), claimRecent))
                .map(rows -> {
                    Row row = PostgresMessages.existing(rows);
                    Opened opened = opened(row);
                    if (isWorthKeeping(row, opened)) {
                        keep(opened);
                    }
                    return opened;
                });
    }

    private static boolean isWorthKeeping(Row row, Opened opened) {
        if (Boolean.TRUE.equals(row.getBoolean("whole")) || opened.mailbox().messages() < SNAPSHOT_MESSAGES) {
            return false;
        }
        long words = length(row.getArrayOfLongs("words")) + length(row.getArrayOfLongs("gone_words"));
        return row.getBuffer("known_uids") == null || words > opened.mailbox().messages() / SNAPSHOT_SHARE;
    }

    /** The next one to open it has less to do. Nobody waits for it, and nothing is lost without it. */
    private void keep(Opened opened) {
        Mailbox mailbox = opened.mailbox();
        MailboxKey key = mailbox.key();
        if (beingKept.add(key)) {
            TimeSpent.aside(() -> database.executeApart(
                            key.accountId(),
                            MessageQueries.KEEP_SNAPSHOT,
                            Tuple.of(
                                    key.accountId(),
                                    key.mailboxId(),
                                    mailbox.highestModSeq(),
                                    mailbox.uidNext(),
                                    UidArrays.packed(opened.uids())))
                    .onComplete(kept -> {
                        beingKept.remove(key);
                        if (kept.failed()) {
                            LOG.debug("cannot keep the UIDs of {}", key, kept.cause());
                        }
                    }));
        }
    }

    private static int length(Long[] array) {
        return array == null ? 0 : array.length;
    }

    Future<Changes> changesSince(MailboxKey mailbox, long modSeq, boolean claimRecent) {
        return changes.ask(new ChangesAsked(mailbox, modSeq), claimRecent);
    }

    /** Apart from the others' connections: who has been away for long has much to hear. */
    Future<Since> since(MailboxKey mailbox, long modSeq) {
        return database.executeApart(
                        mailbox.accountId(),
                        MessageQueries.SINCE,
                        Tuple.of(mailbox.accountId(), mailbox.mailboxId(), modSeq))
                .map(rows -> since(PostgresMessages.existing(rows)));
    }

    private static Since since(Row row) {
        return new Since(
                UidArrays.ofWords(row.getArrayOfLongs("changed_words"), row.getArrayOfLongs("changed_bits")),
                UidArrays.ofWords(row.getArrayOfLongs("gone_words"), row.getArrayOfLongs("gone_bits")),
                row.getBoolean("complete"));
    }

    /** @param claims which of those who share the answer take the \Recent messages; only the first of them gets any */
    private Future<List<Changes>> askForChanges(ChangesAsked asked, List<Boolean> claims) {
        boolean claim = claims.contains(true);
        Tuple arguments = Tuple.of(asked.mailbox().accountId(), asked.mailbox().mailboxId(), claim, asked.modSeq());
        // With a claim it may have to wait for the mailbox row's lock.
        Future<RowSet<Row>> rows = claim
                ? database.executeApart(asked.mailbox().accountId(), MessageQueries.CHANGES_SINCE, arguments)
                : database.execute(MessageQueries.CHANGES_SINCE, arguments);
        return rows.map(answer -> shared(changes(PostgresMessages.existing(answer)), claims));
    }

    private static List<Changes> shared(Changes changes, List<Boolean> claims) {
        int winner = claims.indexOf(true);
        List<Changes> each = new ArrayList<>();
        for (int i = 0; i < claims.size(); i++) {
            each.add(claims.get(i) && i != winner ? withoutRecent(changes) : changes);
        }
        return each;
    }

    private static Changes withoutRecent(Changes changes) {
        Mailbox mailbox = changes.mailbox();
        return new Changes(withRecentFrom(mailbox, mailbox.uidNext()), changes.changed(), changes.expunged());
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

    private static Opened opened(Row row) {
        UidSet uids = UidSet.EMPTY;
        if (Boolean.TRUE.equals(row.getBoolean("whole"))) {
            uids = UidSet.range(row.getLong("first_uid"), row.getLong("last_uid"));
        } else if (row.getLong("first_uid") != null) {
            uids = UidArrays.ofWords(row.getArrayOfLongs("words"), row.getArrayOfLongs("bits"));
            Buffer known = row.getColumnIndex("known_uids") < 0 ? null : row.getBuffer("known_uids");
            if (known != null) {
                UidSet gone = UidArrays.ofWords(row.getArrayOfLongs("gone_words"), row.getArrayOfLongs("gone_bits"));
                uids = UidArrays.unpacked(known).union(uids).minus(gone);
            }
        }
        Long firstUnseen = row.getLong("first_unseen");
        return new Opened(mailbox(row), uids, firstUnseen == null ? 0 : firstUnseen);
    }

    private static Changes changes(Row row) {
        return new Changes(mailbox(row), flagStates(row), UidArrays.ofList(row.getArrayOfLongs("expunged")));
    }

    private static Mailbox mailbox(Row row) {
        return withRecentFrom(MailboxQueries.mailbox(row), row.getLong("recent_before"));
    }

    private static Mailbox withRecentFrom(Mailbox m, long recentFrom) {
        return new Mailbox(
                m.key(),
                m.name(),
                m.selectable(),
                m.subscribed(),
                m.specialUse(),
                m.uidValidity(),
                m.uidNext(),
                m.highestModSeq(),
                m.messages(),
                m.unseen(),
                m.deleted(),
                m.octets(),
                recentFrom,
                m.keywords());
    }

    /** From the columns uids, modseqs, flag_bits and flag_keywords, arrays of one length or all null. */
    static List<FlagState> flagStates(Row row) {
        Long[] uids = row.getArrayOfLongs("uids");
        if (uids == null) {
            return List.of();
        }
        Long[] modSeqs = row.getArrayOfLongs("modseqs");
        Short[] bits = row.getArrayOfShorts("flag_bits");
        String[] keywords = row.getArrayOfStrings("flag_keywords");
        List<FlagState> states = new ArrayList<>(uids.length);
        for (int i = 0; i < uids.length; i++) {
            states.add(new FlagState(uids[i], modSeqs[i], new Flags(bits[i], Keywords.split(keywords[i]))));
        }
        return states;
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
