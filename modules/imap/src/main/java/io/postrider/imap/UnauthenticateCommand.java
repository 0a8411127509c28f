package io.postrider.imap;

import io.vertx.core.Future;

/**
 * UNAUTHENTICATE: as if the connection were new, but for TLS and who the client has said it is. The runner ends compression
 * behind its tagged OK. RFC 8437 §3
 */
record UnauthenticateCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new UnauthenticateCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        session.loggedOut();
        return Future.succeededFuture(Completion.of("UNAUTHENTICATE completed"));
    }
}
