package io.postrider.imap;

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
                .map(done -> {
                    ListResponse.tellSpelling(session, List.of("\\NonExistent"), name, given);
                    return Completion.of("DELETE completed");
                });
    }
}
