package io.postrider.imap;

import io.vertx.core.Future;

/** CHECK. All is flushed always, so it is a NOOP that must have a mailbox. RFC 3501 §6.4.1 */
record CheckCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new CheckCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        return session.selected().updates().look(Updates.Expunges.TOLD).map(Completion.of("CHECK completed"));
    }
}
