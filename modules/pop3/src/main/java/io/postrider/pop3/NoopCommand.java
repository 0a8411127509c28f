package io.postrider.pop3;

import io.vertx.core.Future;

/** NOOP. RFC 1939 §5 */
record NoopCommand() implements Command {
    static NoopCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new NoopCommand();
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        session.ok("Still here");
        return Future.succeededFuture();
    }
}
