package io.postrider.imap;

import io.vertx.core.Future;

/** NOOP, with which a client asks for news. RFC 3501 §6.1.2 */
record NoopCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new NoopCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        Future<Void> looked = session.selected() == null
                ? Future.succeededFuture()
                : session.selected().updates().look(Updates.Expunges.TOLD);
        return looked.map(Completion.of("NOOP completed"));
    }
}
