package io.postrider.imap;

import io.postrider.imap.MessageLimit.Part;
import io.postrider.store.Flags;
import io.postrider.store.SearchKey;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.List;

/**
 * EXPUNGE, and UID EXPUNGE, which spares messages that others have marked meanwhile. RFC 3501 §6.4.3, RFC 4315 §2.1
 *
 * @param among null for all
 */
record ExpungeCommand(SequenceSet among) implements Command {
    static Command parse(CommandReader reader) {
        return new ExpungeCommand(null);
    }

    static Command parseUid(CommandReader reader) {
        reader.space();
        return new ExpungeCommand(reader.sequenceSet());
    }

    /**
     * Tells what has gone, and in the tagged OK up to where the client has now been told all. RFC 7162 §3.2.7
     *
     * @param ownModSeq 0 when nothing was expunged
     */
    static Future<Completion> completion(ImapSession session, SelectedMailbox mailbox, long ownModSeq, String text) {
        if (ownModSeq == 0 || !session.enabled(Extension.QRESYNC)) {
            return Future.succeededFuture(Completion.of(text));
        }
        return mailbox.flushUpdates(true)
                .map(told -> new Completion("HIGHESTMODSEQ " + mailbox.updates().modSeq(), text))
                // What was wished is done; the news come with the next command.
                .otherwise(Completion.of(text));
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        SelectedMailbox mailbox = session.selected();
        mailbox.mustBeWritable();
        Future<Part> part = among == null
                ? Future.succeededFuture(new Part(UidSet.ALL, 0))
                : mailbox.resolve(among, true).compose(uids -> deleted(session, mailbox, uids));
        return part.compose(named -> session.store()
                .messages()
                .expunge(mailbox.key(), named.uids())
                .compose(expunged -> {
                    mailbox.updates().ownExpunge(expunged.modSeq(), expunged.uids());
                    return completion(session, mailbox, expunged.modSeq(), "EXPUNGE completed");
                })
                .map(completion -> session.limits().messageLimit().told(session, named, completion)));
    }

    /** What UID EXPUNGE works on; which messages are \\Deleted is only asked where there could be too many. RFC 9738 §3.1 */
    private static Future<Part> deleted(ImapSession session, SelectedMailbox mailbox, UidSet uids) {
        MessageLimit limit = session.limits().messageLimit();
        if (limit.of(mailbox.uids(), uids).isAll()) {
            return Future.succeededFuture(new Part(uids, 0));
        }
        SearchKey deleted = new SearchKey.And(List.of(new SearchKey.Uids(uids), new SearchKey.HasFlag(Flags.DELETED)));
        return session.store()
                .messages()
                .search(mailbox.key(), deleted)
                .map(found -> limit.of(mailbox.uids(), found.uids()));
    }
}
