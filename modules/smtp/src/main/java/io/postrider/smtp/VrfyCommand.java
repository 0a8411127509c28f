package io.postrider.smtp;

import io.vertx.core.Future;

/** VRFY: says neither yes nor no, so that nobody can ask who is here. RFC 5321 §7.3 */
record VrfyCommand() implements Command {
    static VrfyCommand parse(String arguments) {
        if (arguments.isEmpty()) {
            throw new Rejected(501, "5.5.4", "Address expected");
        }
        return new VrfyCommand();
    }

    @Override
    public Future<Void> run(SmtpConnection session) {
        return session.reply(Reply.of(252, "2.5.0", "Send mail and it will be tried"));
    }
}
