package io.postrider.store.postgres;

import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.Messages.Appended;
import io.postrider.store.Refusal;
import io.postrider.store.Span;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.TimeSpent;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts messages into mailboxes. While one commit for a mailbox is on its way, further writes to it gather and go as one
 * statement and one commit: one by one they would each wait for the mailbox row's lock and for the disk. Different mailboxes
 * go side by side.
 *
 * <p>Easy to get wrong: a write that cannot be granted (quota) must not take those down that happened to share its
 * statement. A statement of several that comes to nothing is therefore done again write by write.
 */
final class MailboxWriter {
    /** Messages in one statement, unless one write has more. */
    static final int BATCH_MESSAGES = 64;
    /** Octets in one statement, unless one write has more. */
    static final int BATCH_OCTETS = 1 << 20;
    /** Writes that may wait for one mailbox; the next is refused. */
    static final int MAX_WAITING = 4096;
    /** A mailbox that a delivery goes to by name may be deleted or filled at that moment: then the name is asked again. */
    private static final int ATTEMPTS = 3;

    private final Database database;
    private final PostgresChangeFeed changes;
    private final Map<MailboxTarget, Deque<Write>> queues = new ConcurrentHashMap<>();

    MailboxWriter(Database database, PostgresChangeFeed changes) {
        this.database = database;
        this.changes = changes;
    }

    private record Write(List<Arriving> messages, long weight, Promise<Appended> answer) {}

    /** All messages or none, in order. Durable once it succeeds. */
    Future<Appended> write(MailboxTarget target, List<Arriving> messages) {
        Write write = new Write(
                List.copyOf(messages),
                messages.stream().mapToLong(Arriving::weight).sum(),
                Here.promise());
        Place place = queued(target, write);
        if (place == Place.FIRST) {
            commit(target, List.of(write));
        } else if (place == Place.WAITS) {
            countWait(write);
        } else if (place == Place.FULL) {
            write.answer.fail(new StoreUnavailableException("too many writes wait for the mailbox", null));
        }
        return write.answer.future();
    }

    /** Its statement goes out in another's name. */
    private static void countWait(Write write) {
        TimeSpent spent = TimeSpent.current();
        if (spent != null) {
            long since = System.nanoTime();
            write.answer.future().onComplete(any -> spent.add(TimeSpent.On.STORE, since));
        }
        Span span = Span.statement(Span.current(), AppendQueries.APPEND.name());
        if (span != null) {
            span.tell("postrider.shared", 1);
            write.answer.future().onComplete((done, failure) -> span.end(StatementTimers.outcome(failure)));
        }
    }

    private enum Place {
        FIRST,
        WAITS,
        FULL
    }

    private Place queued(MailboxTarget target, Write write) {
        Place[] place = new Place[1];
        queues.compute(target, (t, waiting) -> {
            if (waiting == null) {
                place[0] = Place.FIRST;
                return new ArrayDeque<>();
            }
            place[0] = waiting.size() < MAX_WAITING ? Place.WAITS : Place.FULL;
            if (place[0] == Place.WAITS) {
                waiting.add(write);
            }
            return waiting;
        });
        return place[0];
    }

    private void commit(MailboxTarget target, List<Write> batch) {
        together(target, batch).onComplete((v, failure) -> {
            List<Write> next = nextBatch(target);
            if (!next.isEmpty()) {
                TimeSpent.aside(() -> commit(target, next));
            }
        });
    }

    private List<Write> nextBatch(MailboxTarget target) {
        List<Write> batch = new ArrayList<>();
        queues.compute(target, (t, waiting) -> {
            long messages = 0;
            long octets = 0;
            while (!waiting.isEmpty()) {
                messages += waiting.peek().messages.size();
                octets += waiting.peek().weight;
                if (!batch.isEmpty() && (messages > BATCH_MESSAGES || octets > BATCH_OCTETS)) {
                    break;
                }
                batch.add(waiting.remove());
            }
            return batch.isEmpty() ? null : waiting;
        });
        return batch;
    }

    /** Never fails: each write gets its own answer. */
    private Future<Void> together(MailboxTarget target, List<Write> batch) {
        if (batch.size() == 1) {
            return alone(target, batch.get(0), 1);
        }
        return append(target, batch).transform((rows, failure) -> {
            if (failure == null && rows.size() > 0) {
                granted(target, batch, rows.iterator().next());
                return Future.succeededFuture();
            }
            if (failure instanceof StoreUnavailableException) {
                // Whether it was committed is not known: doing it again could double it.
                batch.forEach(write -> write.answer.fail(failure));
                return Future.succeededFuture();
            }
            return oneByOne(target, batch, 0);
        });
    }

    private Future<Void> oneByOne(MailboxTarget target, List<Write> batch, int at) {
        return at == batch.size()
                ? Future.succeededFuture()
                : alone(target, batch.get(at), 1).compose(v -> oneByOne(target, batch, at + 1));
    }

    private Future<Void> alone(MailboxTarget target, Write write, int attempt) {
        return append(target, List.of(write)).transform((rows, failure) -> {
            if (failure != null) {
                write.answer.fail(failure);
            } else if (rows.size() > 0) {
                granted(target, List.of(write), rows.iterator().next());
            } else {
                return refused(target, write, attempt);
            }
            return Future.succeededFuture();
        });
    }

    private Future<RowSet<Row>> append(MailboxTarget target, List<Write> batch) {
        try {
            database.metrics()
                    .appendBatch
                    .record(batch.stream()
                            .mapToInt(write -> write.messages.size())
                            .sum());
            return database.executeApart(
                    target.accountId(),
                    AppendQueries.APPEND,
                    AppendArguments.append(
                            target, batch.stream().map(Write::messages).toList()));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void granted(MailboxTarget target, List<Write> batch, Row row) {
        long uid = row.getLong("first_uid");
        long modSeq = row.getLong("modseq_before");
        changes.announce(new MailboxKey(target.accountId(), row.getLong("mailbox_id")), modSeq + batch.size());
        for (Write write : batch) {
            modSeq++;
            UidSet uids = UidSet.range(uid, uid + write.messages.size() - 1);
            uid += write.messages.size();
            write.answer.complete(new Appended(row.getLong("uid_validity"), uids, modSeq));
        }
    }

    private Future<Void> refused(MailboxTarget target, Write write, int attempt) {
        return database.execute(AppendQueries.WHY_NOT, AppendArguments.whyNot(target, write.messages))
                .transform((rows, failure) -> {
                    if (failure != null) {
                        write.answer.fail(failure);
                        return Future.succeededFuture();
                    }
                    Throwable reason = reason(rows);
                    if (reason == null && attempt < ATTEMPTS) {
                        return alone(target, write, attempt + 1);
                    }
                    write.answer.fail(
                            reason == null
                                    ? new StoreUnavailableException("the mailbox changes too fast", null)
                                    : reason);
                    return Future.succeededFuture();
                });
    }

    /** Null when there is none any more. */
    static Throwable reason(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return new Refusal(Refusal.Kind.NONEXISTENT, "no such mailbox");
        }
        Row row = rows.iterator().next();
        if (row.getBoolean("swept")) {
            return new StoreUnavailableException("the message took too long to arrive", null);
        }
        if (row.getBoolean("too_many_keywords")) {
            return new Refusal(Refusal.Kind.LIMIT, "a mailbox may have " + Messages.MAX_KEYWORDS + " keywords");
        }
        if (row.getBoolean("too_big")) {
            return new Refusal(Refusal.Kind.TOO_BIG, "larger than a message may be here");
        }
        return row.getBoolean("over_quota") ? new Refusal(Refusal.Kind.OVER_QUOTA, "over quota") : null;
    }
}
