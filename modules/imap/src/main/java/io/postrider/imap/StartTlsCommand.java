package io.postrider.imap;

import io.vertx.core.Future;

/** STARTTLS: the runner sends its tagged OK as the last octets in the clear. RFC 3501 §6.2.1 */
record StartTlsCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new StartTlsCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (!session.connection().startTlsOffered()) {
            return Future.failedFuture(new BadSyntax(session.connection().secure() ? "TLS is up" : "No TLS here"));
        }
        return Future.succeededFuture(Completion.of("Begin TLS negotiation now"));
    }
}
