package io.postrider.pop3;

import io.vertx.core.Future;

/** A command with its arguments read. */
interface Command {
    /** Responds on the connection. A {@link Refused}, thrown or in the future, is the response too. */
    Future<Void> run(Pop3Connection session);

    /** Reads the arguments; throws {@link Refused}. */
    interface Parser {
        Command parse(String arguments);
    }
}
