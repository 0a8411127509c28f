package io.postrider.smtp;

import io.postrider.store.Directory.Recipient;
import io.vertx.core.Future;

/**
 * RCPT TO: adds a recipient, if the message can be taken for it; what can be known before its octets come is said here.
 * RFC 5321 §4.1.1.3
 */
record RcptCommand(Path path) implements Command {
    static RcptCommand parse(String arguments) {
        PathReader reader = new PathReader(arguments, "5.1.3");
        reader.keyword("TO:");
        Path path = reader.forwardPath();
        if (!reader.parameters().isEmpty()) {
            throw new Rejected(555, "5.5.4", "Parameter not recognized");
        }
        return new RcptCommand(path);
    }

    @Override
    public Future<Void> run(SmtpConnection session) {
        session.requireHello();
        Transaction transaction = session.requireTransaction();
        if (transaction.chunks().isPresent()) {
            throw new Rejected(503, "5.5.1", "Message already begun");
        }
        if (path.isInternational() && !transaction.mail().smtpUtf8()) {
            throw new Rejected(553, "5.6.7", "SMTPUTF8 required"); // RFC 6531 §3.5
        }
        if (transaction.recipients().size() >= session.limits().recipients()) {
            throw new Rejected(452, "4.5.3", "Too many recipients"); // RFC 5321 §4.5.3.1.10
        }
        if (path.isLiteral()) {
            throw notOurs(); // an address of this host is no domain of any tenant
        }
        Path whole = path.domain().isEmpty() ? new Path(path.localPart(), session.hostname()) : path;
        return session.store()
                .directory()
                .recipient(whole.address(), transaction.mail().declaredSize())
                .compose(found -> found.map(Future::succeededFuture).orElseGet(() -> unknown(session, whole)))
                .compose(recipient -> accept(session, transaction, whole, recipient));
    }

    private Future<Void> accept(SmtpConnection session, Transaction transaction, Path whole, Recipient recipient) {
        recipient.obstacle().ifPresent(why -> {
            throw Delivery.refusal(why, session.limits().overQuotaIsTemporary());
        });
        transaction.recipients().add(new Transaction.Accepted(whole, recipient));
        return session.reply(Reply.of(250, "2.1.5", "Ok"));
    }

    private static Future<Recipient> unknown(SmtpConnection session, Path path) {
        return session.store()
                .directory()
                .isLocal(path.domain())
                .compose(local ->
                        Future.failedFuture(local ? new Rejected(550, "5.1.1", "No such recipient here") : notOurs()));
    }

    private static Rejected notOurs() {
        return new Rejected(550, "5.1.2", "Not a domain of ours");
    }
}
