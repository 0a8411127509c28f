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

    @Override
    public Future<Completion> run(ImapSession session) {
        SelectedMailbox mailbox = session.selected();
        mailbox.mustBeWritable();
        Future<UidSet> uids = among == null ? Future.succeededFuture(UidSet.ALL) : mailbox.resolve(among, true);
        return uids.compose(named -> session.store().messages().expunge(mailbox.key(), named))
                .map(expunged -> {
                    mailbox.updates().ownExpunge(expunged.modSeq(), expunged.uids());
                    return Completion.of("EXPUNGE completed");
                });
    }
}
