package io.postrider.imap;

import io.vertx.core.Future;

/** CAPABILITY. RFC 3501 §6.1.1 */
record CapabilityCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new CapabilityCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        session.write(session.response()
                .raw("* CAPABILITY ")
                .raw(Capabilities.of(session))
                .crlf());
        return Future.succeededFuture(Completion.of("CAPABILITY completed"));
    }
}
