package io.postrider.pop3;

import io.vertx.core.Future;

/** DELE: marks a message; it goes at QUIT. RFC 1939 §5 */
record DeleCommand(int number) implements Command {
    static DeleCommand parse(String arguments) {
        return new DeleCommand(CommandTable.number(arguments.strip()));
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        session.maildrop().require(number);
        session.maildrop().delete(number);
        session.ok("Goes at QUIT");
        return Future.succeededFuture();
    }
}
