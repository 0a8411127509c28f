package io.postrider.imap;

import io.vertx.core.Future;

/** LOGOUT. RFC 3501 §6.1.3 */
record LogoutCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new LogoutCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        session.bye("Logging out");
        return Future.succeededFuture(Completion.of("LOGOUT completed"));
    }
}
