package io.postrider.smtp;

import io.vertx.core.Future;

/** STARTTLS. All that was said before it in the clear is forgotten. RFC 3207 §4.2 */
record StartTlsCommand() implements Command {
    static StartTlsCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new StartTlsCommand();
    }

    @Override
    public Future<Void> run(SmtpConnection session) {
        if (!session.connection().startTlsOffered()) {
            throw new Rejected(502, "5.5.1", "STARTTLS not available");
        }
        return session.startTls(Reply.of(220, "2.0.0", "Ready to start TLS"));
    }
}
