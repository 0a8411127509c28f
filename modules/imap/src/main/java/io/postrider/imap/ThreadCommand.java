package io.postrider.imap;

import io.postrider.store.Messages;
import io.postrider.store.ThreadRow;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.Callable;

/** THREAD and UID THREAD. RFC 5256 §3 */
record ThreadCommand(boolean byUid, Algorithm algorithm, SearchProgram program) implements Command {
    private static final ThreadingAtWork AT_WORK = new ThreadingAtWork();

    enum Algorithm {
        ORDEREDSUBJECT,
        REFERENCES,
        /** By references alone, whatever the subjects, the thread with the newest message last. As Dovecot has it. */
        REFS
    }

    static Command parse(CommandReader reader, boolean byUid) {
        reader.space();
        Algorithm algorithm = algorithm(reader);
        reader.space();
        return new ThreadCommand(byUid, algorithm, SearchProgram.readWithCharset(reader));
    }

    private static Algorithm algorithm(CommandReader reader) {
        String word = reader.atom();
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.name().equalsIgnoreCase(word)) {
                return algorithm;
            }
        }
        throw reader.bad("ORDEREDSUBJECT, REFERENCES or REFS before");
    }

    @Override
    public boolean mayExpunge() {
        return !program.namesNumbers();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        SelectedMailbox mailbox = session.selected();
        return program.beginOfAll(session)
                .compose(key -> session.store().messages().search(mailbox.key(), key))
                .compose(found -> program.known(mailbox, found.uids(), false))
                .compose(uids -> threadAndWrite(session, uids))
                .map(Completion.of("THREAD completed"));
    }

    private Future<Void> threadAndWrite(ImapSession session, UidSet uids) {
        AT_WORK.begin(uids.size());
        return Future.succeededFuture(uids)
                .compose(all -> threads(session, all))
                .compose(threads -> write(session, threads))
                .onComplete(done -> AT_WORK.end(uids.size()));
    }

    /** Rows come in batches; putting them together takes long for large mailboxes, so workers do it. */
    private Future<ThreadForest> threads(ImapSession session, UidSet uids) {
        ThreadBuilder builder =
                algorithm == Algorithm.ORDEREDSUBJECT ? new SubjectThreads() : new ReferenceThreads(algorithm);
        UidSet[] rest = {uids};
        return EachInOrder.whileTrue(() -> session.store()
                        .messages()
                        .threadRows(session.selected().key(), rest[0])
                        .compose(rows -> added(session, builder, rows, rest)))
                .compose(all -> onWorker(session, builder::build));
    }

    private static Future<Boolean> added(
            ImapSession session, ThreadBuilder builder, List<ThreadRow> rows, UidSet[] rest) {
        if (rows.isEmpty()) {
            return Future.succeededFuture(false);
        }
        rest[0] = rest[0].above(rows.get(rows.size() - 1).uid());
        return onWorker(session, () -> {
            rows.forEach(builder::add);
            return rows.size() == Messages.THREAD_ROWS || !rest[0].isEmpty();
        });
    }

    private static <T> Future<T> onWorker(ImapSession session, Callable<T> work) {
        return session.connection().context().executeBlocking(work);
    }

    private Future<Void> write(ImapSession session, ThreadForest threads) {
        UidMap uids = session.selected().uids();
        ResponseWriter out = session.response().raw("* THREAD");
        ThreadForest.Writer writer = threads.writer(byUid ? uid -> uid : uids::sequence);
        return EachInOrder.whileTrue(() -> Results.taken(session, out, writer.write(out, Results.AT_ONCE)))
                .map(written -> {
                    session.write(out.crlf());
                    return null;
                });
    }
}
