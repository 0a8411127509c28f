package io.postrider.pop3;

import io.vertx.core.Future;

/** RSET: takes all marks off. RFC 1939 §5 */
record RsetCommand() implements Command {
    static RsetCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new RsetCommand();
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        session.maildrop().undelete();
        session.ok(session.maildrop().messages() + " messages");
        return Future.succeededFuture();
    }
}
