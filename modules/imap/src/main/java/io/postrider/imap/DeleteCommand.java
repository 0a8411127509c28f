package io.postrider.imap;

import io.vertx.core.Future;

/** DELETE. RFC 3501 §6.3.4 */
record DeleteCommand(String name) implements Command {
    static Command parse(CommandReader reader) {
        reader.space();
        return new DeleteCommand(reader.mailbox());
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        return session.store()
                .mailboxes()
                .delete(session.account().accountId(), name)
                .map(done -> Completion.of("DELETE completed"));
    }
}
