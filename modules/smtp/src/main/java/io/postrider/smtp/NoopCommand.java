package io.postrider.smtp;

import io.vertx.core.Future;

/** NOOP, whatever its argument. RFC 5321 §4.1.1.9 */
record NoopCommand() implements Command {
    @Override
    public Future<Void> run(SmtpConnection session) {
        return session.reply(Reply.of(250, "2.0.0", "Ok"));
    }
}
