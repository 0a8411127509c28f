package io.postrider.imap;

import io.postrider.imap.ReturnOptions.Option;
import io.postrider.store.Messages;
import io.postrider.store.SearchKey;
import io.postrider.store.UidSet;
import io.vertx.core.Future;

/**
 * SEARCH and UID SEARCH. RFC 3501 §6.4.4, RFC 4731, RFC 5182, RFC 5267, RFC 7162 §3.1.5, RFC 9394 §3.1
 *
 * @param tag of the command, which ESEARCH names
 * @param options what to tell of the result; null for the plain SEARCH response
 */
record SearchCommand(String tag, boolean byUid, ReturnOptions options, SearchProgram program) implements Command {
    static Command parse(CommandReader reader, boolean byUid) {
        reader.space();
        ReturnOptions options = ReturnOptions.readIfThere(reader);
        SearchProgram program = SearchProgram.readWithCharsetIfThere(reader);
        return new SearchCommand(reader.commandTag(), byUid, options, program);
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
        Future<Completion> searched = program.begin(session).compose(key -> {
            MessageLimit limit = session.limits().messageLimit();
            MessageLimit.Part part = limit.searched(mailbox.uids(), key);
            return search(session, MessageLimit.among(part, key), updated)
                    .map(done -> limit.told(session, part, Completion.of("SEARCH completed")));
        });
        return Saved.orNothing(mailbox, options, searched);
    }

    private Future<Void> search(ImapSession session, SearchKey key, boolean updated) {
        SelectedMailbox mailbox = session.selected();
        return session.store().messages().search(mailbox.key(), key).compose(found -> program.known(
                        mailbox, found.uids(), updated)
                .compose(uids -> answer(session, key, uids, found)));
    }

    private Future<Void> answer(ImapSession session, SearchKey key, UidSet found, Messages.Found all) {
        SelectedMailbox mailbox = session.selected();
        ReturnOptions options = options(session);
        Results uids = new Results.Ascending(found);
        Results numbers = byUid ? uids : uids.sequences(mailbox.uids());
        if (options == null) {
            return plain(session, numbers, program.namesModSeq() ? all.modSeq() : 0);
        }
        return new EsearchResponse(session, options, numbers)
                .writeAndKeep(uids, all.modSeq(), new SearchContext(tag, byUid, key, null, options.itemsOfNew(), uids));
    }

    /** RFC 9051 §6.4.4 knows no plain SEARCH response. */
    private ReturnOptions options(ImapSession session) {
        return options == null && session.enabled(Extension.IMAP4REV2) ? ReturnOptions.ALL : options;
    }

    private static Future<Void> plain(ImapSession session, Results numbers, long modSeq) {
        ResponseWriter out = session.response().raw("* SEARCH");
        return numbers.writeEach(session, out).map(written -> {
            // Only where something was found. RFC 7162 §3.1.5
            if (modSeq > 0 && numbers.size() > 0) {
                out.raw(" (MODSEQ ").number(modSeq).raw(")");
            }
            session.write(out.crlf());
            return null;
        });
    }
}
