package io.postrider.imap;

import io.postrider.imap.ReturnOptions.Option;
import io.postrider.store.Messages;
import io.postrider.store.SearchKey;
import io.postrider.store.SortKey;
import io.postrider.store.SortKey.Criterion;
import io.postrider.store.UidList;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * SORT and UID SORT. RFC 5256 §3, RFC 5957, RFC 5267 §3; texts compare by i;unicode-casemap, which is I18NLEVEL=1 (RFC 5255
 * §4.2)
 *
 * @param tag of the command, which ESEARCH names
 * @param options what to tell of the result; null for the SORT response
 */
record SortCommand(String tag, boolean byUid, ReturnOptions options, List<SortKey> order, SearchProgram program)
        implements Command {
    /** Criteria of one SORT: more than there are, each named once. */
    static final int MAX_CRITERIA = 20;

    static Command parse(CommandReader reader, boolean byUid) {
        reader.space();
        ReturnOptions options = ReturnOptions.readIfThere(reader);
        List<SortKey> order = order(reader);
        reader.space();
        SearchProgram program = SearchProgram.readWithCharset(reader);
        return new SortCommand(reader.commandTag(), byUid, options, order, program);
    }

    private static List<SortKey> order(CommandReader reader) {
        List<SortKey> order = new ArrayList<>();
        reader.expect('(');
        do {
            if (order.size() == MAX_CRITERIA) {
                throw reader.bad("at most " + MAX_CRITERIA + " sort criteria");
            }
            boolean reverse = reader.takeWord("REVERSE");
            if (reverse) {
                reader.space();
            }
            order.add(new SortKey(criterion(reader), reverse));
        } while (reader.take(' '));
        reader.expect(')');
        return List.copyOf(order);
    }

    private static Criterion criterion(CommandReader reader) {
        String word = reader.word();
        for (Criterion criterion : Criterion.values()) {
            if (criterion.name().equals(word)) {
                return criterion;
            }
        }
        throw reader.bad("sort criterion before");
    }

    @Override
    public boolean mayExpunge() {
        return !program.namesNumbers();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        SelectedMailbox mailbox = session.selected();
        boolean updated = options != null && options.has(Option.UPDATE);
        if (updated) {
            mailbox.contexts().mustBeNew(tag);
        }
        Future<Completion> sorted = program.beginOfAll(session)
                .compose(key -> session.store()
                        .messages()
                        .sort(mailbox.key(), key, order)
                        .compose(found -> known(mailbox, found.uids(), updated)
                                .compose(uids -> answer(session, key, uids, found))))
                .map(Completion.of("SORT completed"));
        return Saved.orNothing(mailbox, options, sorted);
    }

    /** As for SEARCH. */
    private Future<UidList> known(SelectedMailbox mailbox, UidList found, boolean updated) {
        UidSet beyond = found.toSet().above(mailbox.uids().highest());
        return program.known(mailbox, beyond, updated)
                .map(newly -> found.upTo(mailbox.uids().highest()));
    }

    private Future<Void> answer(ImapSession session, SearchKey key, UidList found, Messages.Sorted all) {
        SelectedMailbox mailbox = session.selected();
        Results uids = new Results.Ordered(found);
        Results numbers = byUid ? uids : uids.sequences(mailbox.uids());
        if (options == null) {
            return plain(session, numbers, all.modSeq());
        }
        return new EsearchResponse(session, options, numbers)
                .writeAndKeep(
                        uids, all.modSeq(), new SearchContext(tag, byUid, key, order, options.itemsOfNew(), uids));
    }

    private Future<Void> plain(ImapSession session, Results numbers, long modSeq) {
        ResponseWriter out = session.response().raw("* SORT");
        return numbers.writeEach(session, out).map(written -> {
            // As SEARCH tells it. RFC 7162 §3.1.9
            if (program.namesModSeq() && numbers.size() > 0) {
                out.raw(" (MODSEQ ").number(modSeq).raw(")");
            }
            session.write(out.crlf());
            return null;
        });
    }
}
