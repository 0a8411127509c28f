package io.postrider.pop3;

import io.vertx.core.Future;

/** STAT: how many messages and octets. RFC 1939 §5 */
record StatCommand() implements Command {
    static StatCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new StatCommand();
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        session.ok(session.maildrop().messages() + " " + session.maildrop().octets());
        return Future.succeededFuture();
    }
}
