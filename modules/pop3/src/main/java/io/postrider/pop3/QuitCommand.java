package io.postrider.pop3;

import io.postrider.store.UidSet;
import io.vertx.core.Future;

/**
 * QUIT: now, and only now, the messages marked as deleted go. RFC 1939 §6. They are gone, and the maildrop is free for the next
 * session, when +OK is said.
 */
record QuitCommand() implements Command {
    static QuitCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new QuitCommand();
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        UidSet deleted =
                session.maildrop() == null ? UidSet.EMPTY : session.maildrop().deletedUids();
        Future<Void> removed = deleted.isEmpty()
                ? Future.succeededFuture()
                : session.store()
                        .messages()
                        .remove(session.maildrop().mailbox(), deleted)
                        .mapEmpty();
        return removed.transform(outcome -> session.releaseMaildrop().transform(released -> {
            if (outcome.failed()) {
                session.refuse(outcome.cause());
            } else {
                session.ok("Bye");
            }
            session.close();
            return Future.succeededFuture();
        }));
    }
}
