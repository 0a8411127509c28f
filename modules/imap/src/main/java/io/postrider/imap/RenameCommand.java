package io.postrider.imap;

import io.vertx.core.Future;

/** RENAME; of INBOX it moves the messages. RFC 3501 §6.3.5 */
record RenameCommand(String from, String to) implements Command {
    static Command parse(CommandReader reader) {
        reader.space();
        String from = reader.mailbox();
        reader.space();
        return new RenameCommand(from, reader.mailbox());
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        return session.store()
                .mailboxes()
                .rename(session.account().accountId(), from, to)
                .map(done -> Completion.of("RENAME completed"));
    }
}
