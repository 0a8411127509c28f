package io.postrider.smtp;

import io.vertx.core.Future;

/** A command with its arguments read. */
interface Command {
    /** Replies on the connection. A {@link Rejected}, thrown or in the future, is the reply too. */
    Future<Void> run(SmtpConnection session);

    /** Reads the arguments; throws {@link Rejected}. */
    interface Parser {
        Command parse(String arguments);
    }
}
