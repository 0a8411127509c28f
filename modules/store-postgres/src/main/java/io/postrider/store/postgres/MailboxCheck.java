package io.postrider.store.postgres;

import io.postrider.store.UidSet;
import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Difference;
import io.postrider.store.administration.Difference.Mend;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** Counts the mailboxes of one account anew. Each is looked at in one moment; those with a difference once more, behind their lock. */
final class MailboxCheck {
    /** Messages counted by one statement, unless they are one mailbox's. */
    private static final long BATCH_MESSAGES = 200_000;

    private static final int BATCH_MAILBOXES = 500;

    private final Database database;
    private final Administrator by;
    private final AccountRecord account;
    private final boolean mend;

    MailboxCheck(Database database, Administrator by, AccountRecord account, boolean mend) {
        this.database = database;
        this.by = by;
        this.account = account;
        this.mend = mend;
    }

    private interface Asking extends BiFunction<Statement, Tuple, Future<RowSet<Row>>> {}

    Future<List<Difference>> run() {
        return ask(CheckQueries.MAILBOX_IDS, Tuple.of(account.accountId()))
                .compose(rows -> each(batches(rows), 0, new Differences(account)))
                .compose(found -> ask(CheckQueries.WITHOUT_MAILBOX, Tuple.of(account.accountId()))
                        .compose(rows -> withoutMailbox(rows, found)));
    }

    private Future<RowSet<Row>> ask(Statement statement, Tuple arguments) {
        return database.executeApart(account.accountId(), statement, arguments);
    }

    private Tuple these(Long[] mailboxes) {
        return Tuple.of(account.accountId()).addArrayOfLong(mailboxes);
    }

    private static List<Long[]> batches(RowSet<Row> rows) {
        List<Long[]> batches = new ArrayList<>();
        List<Long> batch = new ArrayList<>();
        long messages = 0;
        for (Row row : rows) {
            if (batch.size() == BATCH_MAILBOXES || messages > BATCH_MESSAGES) {
                batches.add(batch.toArray(Long[]::new));
                batch.clear();
                messages = 0;
            }
            batch.add(row.getLong("mailbox_id"));
            messages += row.getLong("messages");
        }
        if (!batch.isEmpty()) {
            batches.add(batch.toArray(Long[]::new));
        }
        return batches;
    }

    private Future<Differences> each(List<Long[]> batches, int at, Differences found) {
        if (at == batches.size() || found.isFull()) {
            return Future.succeededFuture(found);
        }
        return one(batches.get(at)).compose(more -> {
            found.addAll(more);
            return each(batches, at + 1, found);
        });
    }

    private Future<List<Difference>> one(Long[] mailboxes) {
        return look(this::ask, mailboxes).compose(look -> {
            if (look.found().isEmpty() || !mend) {
                return Future.succeededFuture(look.found().all());
            }
            return database.transaction(
                    account.accountId(),
                    "check.mend",
                    tx -> mend(tx, look.mailboxes().toArray(Long[]::new)));
        });
    }

    /** What was found may have been mended by another meanwhile, or the mailbox be gone: only what the lock holds still counts. */
    private Future<List<Difference>> mend(Transaction tx, Long[] mailboxes) {
        tx.execute(FlagQueries.LOCK, these(mailboxes));
        return look(tx::execute, mailboxes).compose(look -> {
            Tuple which = these(mailboxes);
            return tx.execute(CheckQueries.FORGET_EXPUNGED_PRESENT, which)
                    .compose(v -> tx.execute(CheckQueries.MEND_MAILBOXES, which))
                    .compose(v -> tx.execute(
                            CheckQueries.FORGET_SNAPSHOTS,
                            these(look.snapshots().toArray(Long[]::new))))
                    .compose(v -> look.found().audit(tx, by, account.tenantId()))
                    .map(v -> look.found().mended());
        });
    }

    /** @param snapshots mailboxes whose snapshot is of no use */
    private record Look(Differences found, Set<Long> mailboxes, Set<Long> snapshots) {}

    private Future<Look> look(Asking asking, Long[] mailboxes) {
        Look look = new Look(new Differences(account), new TreeSet<>(), new TreeSet<>());
        Tuple which = these(mailboxes);
        return asking.apply(CheckQueries.MAILBOXES, which)
                .compose(rows -> {
                    rows.forEach(row -> compare(row, look));
                    return asking.apply(CheckQueries.SNAPSHOTS, which);
                })
                .map(rows -> {
                    rows.forEach(row -> compareSnapshot(row, look));
                    return look;
                });
    }

    private void compare(Row row, Look look) {
        Differences found = look.found();
        int before = found.all().size();
        String name = row.getString("name");
        for (String counter : List.of("messages", "unseen", "deleted", "octets")) {
            found.unequal(name, counter, row.getLong(counter), row.getLong("counted_" + counter));
        }
        found.below(name, "uidNext", row.getLong("uid_next"), row.getLong("least_uid_next"));
        found.below(name, "highestModSeq", row.getLong("highest_modseq"), row.getLong("least_modseq"));
        long recentFrom = row.getLong("recent_from");
        found.unequal(name, "recentFrom", recentFrom, Math.min(recentFrom, row.getLong("least_uid_next")));
        String lacking = String.join(" ", row.getArrayOfStrings("lacking_keywords"));
        if (!lacking.isEmpty()) {
            found.add(name, "keywords", "without " + lacking, lacking, Mend.POSSIBLE);
        }
        long present = row.getLong("present");
        if (present > 0) {
            found.add(name, "expunged", uids(present), "still there", Mend.POSSIBLE);
        }
        if (found.all().size() > before) {
            look.mailboxes().add(row.getLong("mailbox_id"));
        }
    }

    private void compareSnapshot(Row row, Look look) {
        UidSet here = UidArrays.ofWords(row.getArrayOfLongs("words"), row.getArrayOfLongs("bits"));
        UidSet gone = UidArrays.ofWords(row.getArrayOfLongs("gone_words"), row.getArrayOfLongs("gone_bits"));
        String kept;
        try {
            UidSet said = UidArrays.unpacked(row.getBuffer("uids")).minus(gone);
            if (said.equals(here) && !row.getBoolean("ahead")) {
                return;
            }
            kept = said.equals(here) ? "of the future" : uids(said.size());
        } catch (RuntimeException e) {
            kept = "unreadable";
        }
        look.found().add(row.getString("name"), "uidSnapshot", kept, uids(here.size()), Mend.POSSIBLE);
        look.mailboxes().add(row.getLong("mailbox_id"));
        look.snapshots().add(row.getLong("mailbox_id"));
    }

    private static String uids(long count) {
        return count + (count == 1 ? " UID" : " UIDs");
    }

    private Future<List<Difference>> withoutMailbox(RowSet<Row> rows, Differences found) {
        Map<Long, String> lost = new HashMap<>();
        Differences without = new Differences(account);
        for (Row row : rows) {
            long id = row.getLong("mailbox_id");
            long messages = row.getLong("messages");
            String name = "Recovered " + id;
            without.add(
                    messages > 0 ? name : "",
                    messages > 0 ? "messages" : "notes of what is gone",
                    "without mailbox " + id,
                    String.valueOf(messages > 0 ? messages : row.getLong("notes")),
                    Mend.POSSIBLE);
            lost.put(id, name);
        }
        if (without.isEmpty() || !mend) {
            found.addAll(without.all());
            return Future.succeededFuture(found.all());
        }
        return database.transaction(account.accountId(), "check.recover", tx -> recover(tx, lost)
                        .compose(v -> without.audit(tx, by, account.tenantId())))
                .map(v -> {
                    found.addAll(without.mended());
                    return found.all();
                });
    }

    /** Messages get a mailbox back, notes of expunges and snapshots are of use to nobody. */
    private Future<?> recover(Transaction tx, Map<Long, String> lost) {
        Long[] mailboxes = lost.keySet().toArray(Long[]::new);
        Tuple which = these(mailboxes);
        Future<?> done = tx.execute(MailboxQueries.LOCK_ACCOUNT, Tuple.of(account.accountId()))
                .compose(v -> tx.execute(CheckQueries.FORGET_EXPUNGED, which))
                .compose(v -> tx.execute(CheckQueries.FORGET_SNAPSHOTS, which));
        for (Map.Entry<Long, String> each : lost.entrySet()) {
            done = done.compose(v -> tx.execute(
                    CheckQueries.RECOVER_MAILBOX, Tuple.of(account.accountId(), each.getKey(), each.getValue())));
        }
        return done.compose(v -> tx.execute(CheckQueries.MEND_MAILBOXES, which));
    }
}
