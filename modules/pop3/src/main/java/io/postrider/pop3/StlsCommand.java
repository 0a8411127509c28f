package io.postrider.pop3;

import io.vertx.core.Future;

/** STLS. What was said before it in the clear is forgotten. RFC 2595 §4 */
record StlsCommand() implements Command {
    static StlsCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new StlsCommand();
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        if (!session.mayStartTls()) {
            throw Refused.bad("TLS cannot be started here");
        }
        return session.startTls();
    }
}
