package io.postrider.imap;

import io.vertx.core.Future;
import java.util.List;

/**
 * RENAME; of INBOX it moves the messages. RFC 3501 §6.3.5
 *
 * @param fromGiven the old name in the client's spelling
 * @param toGiven the new one
 */
record RenameCommand(String from, String fromGiven, String to, String toGiven) implements Command {
    static Command parse(CommandReader reader) {
        reader.space();
        String from = reader.mailbox();
        String fromGiven = reader.mailboxAsGiven();
        reader.space();
        String to = reader.mailbox();
        return new RenameCommand(from, fromGiven, to, reader.mailboxAsGiven());
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        return session.store()
                .mailboxes()
                .rename(session.account().accountId(), from, to)
                .onSuccess(done -> session.news().ownNames(from, to))
                .map(done -> {
                    if (ListResponse.isRespelled(session, from, fromGiven)
                            || ListResponse.isRespelled(session, to, toGiven)) {
                        ListResponse.tellOldName(session, List.of(), to, fromGiven);
                    }
                    return Completion.of("RENAME completed");
                });
    }
}
