package io.postrider.store.postgres;

import io.postrider.store.Flags;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages.Changes;
import io.postrider.store.Messages.FlagState;
import io.postrider.store.Messages.Opened;
import io.postrider.store.Messages.Since;
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
    /** Messages from which on a mailbox with gaps has its UIDs kept. */
    static final int SNAPSHOT_MESSAGES = 5_000;
    /** They are kept anew when this share of the mailbox, counted in words of 64 UIDs, must be read beside them. */
    private static final int SNAPSHOT_SHARE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(MailboxReader.class);

    private final Database database;
    private final Set<MailboxKey> beingKept = ConcurrentHashMap.newKeySet();
    private final SharedAsks<ChangesAsked, Changes> changes;

    MailboxReader(Database database) {
        this.database = database;
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
}
