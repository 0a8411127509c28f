package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.UidSet;
import io.vertx.core.Future;

/** COPY and UID COPY: all or none. RFC 3501 §6.4.7, RFC 4315 §3 */
record CopyCommand(SequenceSet messages, boolean byUid, String target) implements Command {
    static Command parse(CommandReader reader, boolean byUid) {
        reader.space();
        SequenceSet messages = reader.sequenceSet();
        reader.space();
        return new CopyCommand(messages, byUid, reader.mailbox());
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        SelectedMailbox mailbox = session.selected();
        return mailbox.resolve(messages, byUid)
                .compose(uids -> target(session, target).compose(to -> copy(session, mailbox, uids, to)))
                .map(copied -> new Completion(copyUid(copied), "COPY completed"));
    }

    private static Future<Messages.Copied> copy(
            ImapSession session, SelectedMailbox mailbox, UidSet uids, MailboxKey to) {
        session.limits().messageLimit().mustHold(mailbox.uids(), uids);
        return session.store().messages().copy(mailbox.key(), uids, to).onSuccess(copied -> {
            QuotaWarning.tell(session, copied.quotaPercent());
            cameFromHere(session, to, copied);
        });
    }

    /** Where to, for COPY and MOVE; a missing one may be created and tried again. RFC 3501 §7.1 */
    static Future<MailboxKey> target(ImapSession session, String name) {
        return session.store()
                .mailboxes()
                .find(session.account().accountId(), name)
                .map(found -> {
                    Mailbox mailbox = found.orElseThrow(() -> new No("TRYCREATE", "There is no such mailbox"));
                    if (!mailbox.selectable()) {
                        throw new No("CANNOT", "This name only has mailboxes below it");
                    }
                    return mailbox.key();
                });
    }

    /** The client's own copies have come into a mailbox. */
    static void cameFromHere(ImapSession session, MailboxKey to, Messages.Copied copied) {
        if (to.equals(session.selected().key())) {
            session.selected().updates().ownNew(copied.target());
            session.selected().updates().hint();
        } else {
            session.news().ownMessages(to, copied.target());
        }
    }

    /** Nothing where no message was there to be copied: that is no error. RFC 4315 §3 */
    static String copyUid(Messages.Copied copied) {
        return copied.source().isEmpty()
                ? ""
                : "COPYUID " + copied.uidValidity() + " " + copied.source() + " " + copied.target();
    }
}
