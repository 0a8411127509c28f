package io.postrider.smtp;

import io.vertx.core.Future;

/** QUIT. RFC 5321 §4.1.1.10 */
record QuitCommand() implements Command {
    static QuitCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new QuitCommand();
    }

    @Override
    public Future<Void> run(SmtpConnection session) {
        session.reply(Reply.of(221, "2.0.0", "Bye"));
        session.close();
        return Future.succeededFuture();
    }
}
