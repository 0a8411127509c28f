package io.postrider.imap;

import io.postrider.imap.ReturnOptions.Option;
import io.postrider.store.FetchedMessage;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.Set;

/** Writes the ESEARCH response of SEARCH and SORT. RFC 4731 §3.1, RFC 5267 §3, RFC 9394 §3.1 */
final class EsearchResponse {
    private final ImapSession session;
    private final ReturnOptions options;
    private final Results results;

    /** @param results numbers of the kind that is to be told, UIDs or sequence numbers */
    EsearchResponse(ImapSession session, ReturnOptions options, Results results) {
        this.session = session;
        this.options = options;
        this.results = results;
    }

    /**
     * Writes it where there is one; keeps what SAVE and UPDATE want kept.
     *
     * @param uids what is found
     * @param modSeqOfAll the highest of all, 0 to tell none
     */
    Future<Void> writeAndKeep(Results uids, long modSeqOfAll, SearchContext context) {
        SelectedMailbox mailbox = session.selected();
        Saved.save(mailbox, options, uids);
        Future<Void> written = options.tellsAnything()
                ? modSeqTold(session, options, uids, modSeqOfAll)
                        .compose(modSeq -> write(context.tag(), context.byUid(), modSeq))
                : Future.succeededFuture();
        return written.onSuccess(told -> {
            if (options.has(Option.UPDATE)) {
                mailbox.contexts().add(context, uids.size());
            }
        });
    }

    /** @param modSeq 0 to tell none */
    private Future<Void> write(String tag, boolean byUid, long modSeq) {
        ResponseWriter out = session.response();
        out.raw("* ESEARCH (TAG ").string(tag).raw(byUid ? ") UID" : ")");
        boolean found = results.size() > 0;
        if (found && options.has(Option.MIN)) {
            out.raw(" MIN ").number(results.at(0));
        }
        if (found && options.has(Option.MAX)) {
            out.raw(" MAX ").number(results.at(results.size() - 1));
        }
        return set(out).map(written -> {
            if (options.has(Option.COUNT)) {
                out.raw(" COUNT ").number(results.size());
            }
            if (modSeq > 0 && found) {
                out.raw(" MODSEQ ").number(modSeq);
            }
            session.write(out.crlf());
            return null;
        });
    }

    private Future<Void> set(ResponseWriter out) {
        if (options.has(Option.ALL) && results.size() > 0) {
            return results.writeSet(session, out.raw(" ALL "));
        }
        if (!options.has(Option.PARTIAL)) {
            return Future.succeededFuture();
        }
        out.raw(" PARTIAL (").raw(options.partial().asWritten()).raw(" ");
        Results part = part(options, results);
        Future<Void> written =
                part.size() == 0 ? Future.succeededFuture(out.raw("NIL")).mapEmpty() : part.writeSet(session, out);
        return written.map(done -> {
            out.raw(")");
            return null;
        });
    }

    /**
     * The highest MODSEQ of what is told: where that is the first or the last alone, of those messages. RFC 4731 §3.2, RFC
     * 7162 §3.1.10
     *
     * @param found UIDs
     * @param ofAll the highest of all that is found, 0 when no MODSEQ is to be told
     */
    private static Future<Long> modSeqTold(ImapSession session, ReturnOptions options, Results found, long ofAll) {
        if (ofAll == 0 || found.size() == 0 || !options.tellsEndsOnly()) {
            return Future.succeededFuture(ofAll);
        }
        UidSet told = (options.has(Option.MIN) ? UidSet.of(found.at(0)) : UidSet.EMPTY)
                .union(options.has(Option.MAX) ? UidSet.of(found.at(found.size() - 1)) : UidSet.EMPTY);
        return session.store()
                .messages()
                .fetch(session.selected().key(), told, Set.of(), 2)
                .map(rows -> rows.stream()
                        .map(FetchedMessage::message)
                        .mapToLong(message -> message.modSeq())
                        .max()
                        .orElse(0));
    }

    /** What PARTIAL wants of them. */
    static Results part(ReturnOptions options, Results results) {
        PartialRange range = options.partial();
        long start = range.start(results.size());
        return results.slice(start, Math.max(start, range.end(results.size())));
    }
}
