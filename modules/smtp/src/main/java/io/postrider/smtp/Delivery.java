package io.postrider.smtp;

import io.postrider.store.Account;
import io.postrider.store.Mailboxes;
import io.postrider.store.NewContent;
import io.postrider.store.Refusal;
import io.postrider.store.Span;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.TimeSpent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a whole message to its recipients, all at once, and answers for each in the order of RCPT as soon as it and those
 * before it are known. A reply says yes only behind the commit. RFC 2033 §4.2, §5
 *
 * <p>Recipients that lead to one account (an alias beside the address itself, the same RCPT twice) get one copy, which names
 * them all in Delivered-To, and one reply each.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private Delivery() {}

    /** Ends the transaction. */
    static Future<Void> run(SmtpConnection session, Transaction transaction, MessageReceiver receiver) {
        Map<Long, List<Transaction.Accepted>> byAccount = new LinkedHashMap<>();
        for (Transaction.Accepted accepted : transaction.recipients()) {
            byAccount
                    .computeIfAbsent(accepted.recipient().account().accountId(), id -> new ArrayList<>())
                    .add(accepted);
        }
        TraceFields trace = session.trace(transaction);
        Future<NewContent> content = receiver.end();
        Map<Long, Future<Reply>> replies = new LinkedHashMap<>();
        byAccount.forEach((accountId, recipients) -> replies.put(
                accountId,
                content.compose(whole -> deliver(session, accountId, recipients, whole, trace))
                        .otherwise(cause -> refused(session, accountId, cause))));
        Future<Void> done = Future.succeededFuture();
        for (Transaction.Accepted accepted : transaction.recipients()) {
            Future<Reply> reply = replies.get(accepted.recipient().account().accountId());
            done = done.compose(before -> reply).compose(session::reply);
        }
        return done.onComplete(any -> {
            receiver.discard();
            session.messageTaken();
        });
    }

    /** Why an account does not take the message. RFC 3463 §3.3, §3.8 */
    static Rejected refusal(Refusal.Kind why, boolean fullIsTemporary) {
        return switch (why) {
            case OVER_QUOTA ->
                fullIsTemporary
                        ? new Rejected(452, "4.2.2", "Mailbox full")
                        : new Rejected(552, "5.2.2", "Mailbox full");
            case TOO_BIG -> new Rejected(552, "5.2.3", "Message larger than this recipient takes");
            case FORBIDDEN -> new Rejected(550, "5.7.1", "This recipient takes no mail");
            // For now, since a suspended account can come back, and its mail has been waiting then.
            case SUSPENDED -> new Rejected(450, "4.2.1", "Mailbox suspended");
            // For now too: who sends it here has yet to learn where it goes, and nothing is lost meanwhile.
            case MOVED -> new Rejected(450, "4.2.1", "Mailbox is kept on another server");
            case TOO_FAST -> new Rejected(450, "4.7.1", "Too many messages for this recipient, try again later");
            case NONEXISTENT -> new Rejected(550, "5.1.1", "No such recipient here");
            case LIMIT -> new Rejected(452, "4.3.1", "Mail system full");
            default -> new Rejected(451, "4.3.0", "Local error in processing");
        };
    }

    /** How a failure of the store is told, where it does not matter whose mailbox it was. */
    static Rejected rejection(Throwable cause) {
        if (cause instanceof Rejected rejected) {
            return rejected;
        }
        if (cause instanceof StoreUnavailableException) {
            return new Rejected(451, "4.3.0", "Mail system unavailable, try again later");
        }
        if (cause instanceof Refusal refusal) {
            return refusal(refusal.kind(), false);
        }
        return new Rejected(451, "4.3.0", "Local error in processing");
    }

    private static Future<Reply> deliver(
            SmtpConnection session,
            long accountId,
            List<Transaction.Accepted> recipients,
            NewContent content,
            TraceFields trace) {
        String detail = recipients.get(0).recipient().detail();
        String mailbox = session.limits().detailNamesMailbox() && !detail.isEmpty() ? detail : Mailboxes.INBOX;
        Account account = recipients.get(0).recipient().account();
        List<Path> paths =
                recipients.stream().map(Transaction.Accepted::path).distinct().toList();
        return traced(session, account, () -> session.store()
                        .messages()
                        .deliver(accountId, mailbox, content, trace.forRecipients(paths)))
                .map(appended -> {
                    session.connection().tally().tenants().of(account.tenant()).delivered(content.size());
                    session.connection()
                            .tell(LOG.atInfo())
                            .addKeyValue("tenant", account.tenant())
                            .addKeyValue("account", account.address())
                            .log(
                                    "{} delivered from={} uid={} octets={}",
                                    trace.id(),
                                    trace.reversePath(),
                                    appended.uids(),
                                    content.size());
                    return Reply.of(250, "2.0.0", "Delivered");
                });
    }

    private static <T> Future<T> traced(SmtpConnection session, Account account, Supplier<Future<T>> delivery) {
        TimeSpent spent = session.connection().timeSpent();
        if (spent.span() == null) {
            return delivery.get();
        }
        Span span = spent.span().part("delivery").tell("postrider.tenant", account.tenant());
        return spent.within(span, delivery).onComplete((done, failure) -> span.end(failure == null ? "ok" : "failed"));
    }

    private static Reply refused(SmtpConnection session, long accountId, Throwable cause) {
        Rejected rejected = cause instanceof Refusal refusal
                ? refusal(refusal.kind(), session.limits().overQuotaIsTemporary())
                : rejection(cause);
        if (cause instanceof Rejected || cause instanceof Refusal || cause instanceof StoreUnavailableException) {
            session.connection().tell(LOG.atInfo()).log("refused accountId={}: {}", accountId, cause.getMessage());
        } else {
            session.connection().tell(LOG.atError()).setCause(cause).log("delivery failed accountId={}", accountId);
        }
        return rejected.reply();
    }
}
