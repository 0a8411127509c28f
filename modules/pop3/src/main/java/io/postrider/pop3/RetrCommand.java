package io.postrider.pop3;

import io.vertx.core.Future;

/**
 * RETR: a message. RFC 1939 §5
 *
 * <p>It does not set \Seen: a client that leaves mail on the server (another service that gathers it, most often) would
 * otherwise make it look read to the person who reads it over IMAP.
 */
record RetrCommand(int number) implements Command {
    static RetrCommand parse(String arguments) {
        return new RetrCommand(CommandTable.number(arguments.strip()));
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        session.maildrop().require(number);
        MessageLines lines = MessageLines.all(session.limits().replaceNuls());
        return new MessageWriter(session, number, lines).write(Long.MAX_VALUE);
    }
}
