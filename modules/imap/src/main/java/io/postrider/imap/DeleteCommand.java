package io.postrider.imap;

import io.postrider.store.Refusal;
import io.vertx.core.Future;
import java.util.List;

/**
 * DELETE. RFC 3501 §6.3.4
 *
 * @param given the name in the client's spelling
 */
record DeleteCommand(String name, String given) implements Command {
    static Command parse(CommandReader reader) {
        reader.space();
        return new DeleteCommand(reader.mailbox(), reader.mailboxAsGiven());
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        return session.store()
                .mailboxes()
                .delete(session.account().accountId(), name)
                .onSuccess(done -> session.news().ownNames(name))
                .compose(done -> leaveIfGone(session))
                .map(done -> {
                    ListResponse.tellSpelling(session, List.of("\\NonExistent"), name, given);
                    return Completion.of("DELETE completed");
                });
    }

    /** Who deletes the mailbox that is selected goes on with none; other sessions in it are ended. */
    private static Future<Void> leaveIfGone(ImapSession session) {
        SelectedMailbox selected = session.selected();
        if (selected == null) {
            return Future.succeededFuture();
        }
        return session.store().mailboxes().get(selected.key()).<Void>mapEmpty().recover(failure -> {
            if (failure instanceof Refusal refusal && refusal.kind() == Refusal.Kind.NONEXISTENT) {
                session.select(null);
                session.connection().write("* OK [CLOSED] The selected mailbox has been deleted\r\n");
            }
            return Future.succeededFuture();
        });
    }
}
