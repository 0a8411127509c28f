package io.postrider.smtp;

import io.vertx.core.Future;

/** HELP. RFC 5321 §4.1.1.8 */
record HelpCommand() implements Command {
    @Override
    public Future<Void> run(SmtpConnection session) {
        return session.reply(Reply.of(214, "2.0.0", "See RFC 2033 and RFC 5321"));
    }
}
