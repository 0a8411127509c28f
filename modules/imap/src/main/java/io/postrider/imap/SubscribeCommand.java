package io.postrider.imap;

import io.postrider.store.Mailboxes;
import io.vertx.core.Future;

/** SUBSCRIBE and UNSUBSCRIBE. RFC 3501 §6.3.6, §6.3.7 */
record SubscribeCommand(String name, boolean subscribed) implements Command {
    static Command parseSubscribe(CommandReader reader) {
        reader.space();
        return new SubscribeCommand(reader.mailbox(), true);
    }

    static Command parseUnsubscribe(CommandReader reader) {
        reader.space();
        return new SubscribeCommand(reader.mailbox(), false);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        Mailboxes mailboxes = session.store().mailboxes();
        long accountId = session.account().accountId();
        Future<Void> done = subscribed ? mailboxes.subscribe(accountId, name) : mailboxes.unsubscribe(accountId, name);
        return done.onSuccess(changed -> session.news().ownNames(name))
                .map(Completion.of((subscribed ? "SUBSCRIBE" : "UNSUBSCRIBE") + " completed"));
    }
}
