package io.postrider.smtp;

import io.vertx.core.Future;

/** RSET: forgets the transaction. RFC 5321 §4.1.1.5 */
record RsetCommand() implements Command {
    static RsetCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new RsetCommand();
    }

    @Override
    public Future<Void> run(SmtpConnection session) {
        session.reset();
        return session.reply(Reply.of(250, "2.0.0", "Ok"));
    }
}
