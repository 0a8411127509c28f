package io.postrider.imap;

import io.postrider.store.UidSet;
import io.vertx.core.Future;

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
        Future<UidSet> uids = among == null ? Future.succeededFuture(UidSet.ALL) : mailbox.resolve(among, true);
        return uids.compose(named -> session.store().messages().expunge(mailbox.key(), named))
                .compose(expunged -> {
                    mailbox.updates().ownExpunge(expunged.modSeq(), expunged.uids());
                    return completion(session, mailbox, expunged.modSeq(), "EXPUNGE completed");
                });
    }
}
