package io.postrider.imap;

import io.postrider.store.Refusal;
import io.postrider.store.UidSet;
import io.vertx.core.Future;

/** CLOSE: expunges without a word, unless the mailbox is read-only, and leaves it. RFC 3501 §6.4.2 */
record CloseCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new CloseCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        SelectedMailbox mailbox = session.selected();
        return expunge(session, mailbox).map(expunged -> {
            session.select(null);
            return Completion.of("CLOSE completed");
        });
    }

    private static Future<Void> expunge(ImapSession session, SelectedMailbox mailbox) {
        if (mailbox.readOnly()) {
            return Future.succeededFuture();
        }
        return session.store()
                .messages()
                .expunge(mailbox.key(), UidSet.ALL)
                .<Void>mapEmpty()
                .recover(CloseCommand::goneAnyway);
    }

    private static Future<Void> goneAnyway(Throwable failure) {
        boolean deleted = failure instanceof Refusal refusal && refusal.kind() == Refusal.Kind.NONEXISTENT;
        return deleted ? Future.succeededFuture() : Future.failedFuture(failure);
    }
}
