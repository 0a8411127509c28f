package io.postrider.smtp;

import io.vertx.core.Future;

/** DATA: the message, up to CRLF.CRLF; then one reply for each recipient. RFC 5321 §4.1.1.4, RFC 2033 §4.2 */
record DataCommand() implements Command {
    static DataCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new DataCommand();
    }

    @Override
    public Future<Void> run(SmtpConnection session) {
        session.requireHello();
        Transaction transaction = session.requireTransaction();
        if (transaction.chunks().isPresent()) {
            throw new Rejected(503, "5.5.1", "BDAT has begun"); // RFC 3030 §2
        }
        if (transaction.recipients().isEmpty()) {
            throw new Rejected(503, "5.5.1", "No recipients"); // RFC 2033 §4.2
        }
        MessageReceiver receiver = new MessageReceiver(
                session.connection(),
                session.store().contents(),
                transaction.accountIds(),
                session.limits().messageOctets());
        session.reply(Reply.of(354, "", "Go ahead, end with CRLF.CRLF"));
        return session.take(receiver, new DotReader()).compose(whole -> Delivery.run(session, transaction, receiver));
    }
}
