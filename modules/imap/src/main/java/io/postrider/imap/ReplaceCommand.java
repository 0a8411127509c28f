package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.Message;
import io.postrider.store.Messages.Replaced;
import io.postrider.store.NewMessage;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * REPLACE and UID REPLACE: APPEND of one message and the end of another in one transaction. The new UID comes before the
 * EXPUNGE, and both count against the quota as what they come to together. RFC 8508 §3.4, §4.3
 */
record ReplaceCommand(
        SequenceSet message, boolean byUid, String name, AppendGrammar grammar, List<AppendGrammar.Step> first)
        implements Command {
    static Command parse(CommandReader reader, boolean byUid) {
        reader.space();
        SequenceSet message = reader.sequenceSet();
        if (!message.isOne()) {
            throw reader.bad("one message before");
        }
        reader.space();
        String name = reader.mailbox();
        AppendGrammar grammar = new AppendGrammar(true);
        return new ReplaceCommand(message, byUid, name, grammar, grammar.read(reader));
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        SelectedMailbox selected = session.selected();
        selected.mustBeWritable();
        return AppendCommand.target(session, name).compose(target -> old(session, selected)
                .compose(old -> usage(session, old).compose(usage -> replace(session, old.uid(), target, usage))));
    }

    private Future<Completion> replace(ImapSession session, long uid, Mailbox target, Usage usage) {
        AppendReceipt receipt = new AppendReceipt(session, grammar, usage);
        return receipt.receive(first)
                .compose(messages -> replace(session, uid, target, messages.get(0)))
                .onSuccess(done -> receipt.warnIfNearlyFull());
    }

    /** The message that goes; NO before any octet comes when it is not there. */
    private Future<Message> old(ImapSession session, SelectedMailbox selected) {
        return selected.resolve(message, byUid)
                .compose(uids -> session.store().messages().fetch(selected.key(), uids, Set.of(), 1))
                .map(rows -> rows.stream()
                        .findFirst()
                        .orElseThrow(() -> new No(byUid ? "" : "EXPUNGEISSUED", "There is no such message"))
                        .message());
    }

    /** What the account keeps without the message that goes. RFC 8508 §3.4 */
    private static Future<Usage> usage(ImapSession session, Message old) {
        return session.store()
                .mailboxes()
                .usage(session.account().accountId())
                .map(usage -> usage.without(1, old.size()));
    }

    private static Future<Completion> replace(ImapSession session, long uid, Mailbox target, NewMessage message) {
        SelectedMailbox selected = session.selected();
        return session.store()
                .messages()
                .replace(selected.key(), uid, target.key(), message)
                .recover(failure -> Future.failedFuture(AppendCommand.orTryCreate(failure)))
                .map(replaced -> told(session, uid, target, replaced));
    }

    private static Completion told(ImapSession session, long uid, Mailbox target, Replaced replaced) {
        session.connection()
                .write("* OK [" + AppendCommand.appendUid(replaced.appended()) + "] Replacement message ready\r\n");
        session.selected().updates().ownExpunge(replaced.expungeModSeq(), UidSet.of(uid));
        AppendCommand.lookIfSelected(session, target, replaced.appended());
        return Completion.of("REPLACE completed");
    }
}
