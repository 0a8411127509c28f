package io.postrider.imap;

import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.UidSet;
import io.vertx.core.Future;

/**
 * MOVE and UID MOVE: in one transaction. The new UIDs come before the EXPUNGE responses, so that a client knows where the
 * messages went before it forgets them. RFC 6851 §3, §4.3
 */
record MoveCommand(SequenceSet messages, boolean byUid, String target) implements Command {
    static Command parse(CommandReader reader, boolean byUid) {
        reader.space();
        SequenceSet messages = reader.sequenceSet();
        reader.space();
        return new MoveCommand(messages, byUid, reader.mailbox());
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        SelectedMailbox mailbox = session.selected();
        mailbox.mustBeWritable();
        MessageLimit limit = session.limits().messageLimit();
        return mailbox.resolve(messages, byUid)
                .map(uids -> limit.of(mailbox.uids(), uids))
                .compose(part -> CopyCommand.target(session, target)
                        .compose(to -> move(session, mailbox, part.uids(), to))
                        .compose(moved ->
                                ExpungeCommand.completion(session, mailbox, moved.sourceModSeq(), "MOVE completed"))
                        .map(completion -> limit.told(session, part, completion)));
    }

    private static Future<Messages.Copied> move(
            ImapSession session, SelectedMailbox mailbox, UidSet uids, MailboxKey to) {
        return session.store().messages().move(mailbox.key(), uids, to).map(moved -> {
            tell(session, moved);
            // Within one mailbox messages have come as well: the cursor must not move over them.
            boolean within = to.equals(mailbox.key());
            mailbox.updates().ownExpunge(within ? 0 : moved.sourceModSeq(), moved.source());
            CopyCommand.cameFromHere(session, to, moved);
            return moved;
        });
    }

    private static void tell(ImapSession session, Messages.Copied moved) {
        if (!moved.source().isEmpty()) {
            session.connection().write("* OK [" + CopyCommand.copyUid(moved) + "] Moved\r\n");
        }
    }
}
