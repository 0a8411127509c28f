package io.postrider.imap;

import io.vertx.core.Future;

/** UNSELECT: leaves the mailbox as it is. RFC 3691 §2 */
record UnselectCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new UnselectCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        session.select(null);
        return Future.succeededFuture(Completion.of("UNSELECT completed"));
    }
}
