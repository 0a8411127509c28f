package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;

/** STATUS: a mailbox's counters, which one row holds; of the selected mailbox, too. RFC 3501 §6.3.10 */
record StatusCommand(String name, Set<StatusItem> items) implements Command {
    static Command parse(CommandReader reader) {
        reader.space();
        String name = reader.mailbox();
        reader.space();
        return new StatusCommand(name, StatusItem.readList(reader));
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (items.contains(StatusItem.HIGHESTMODSEQ)) {
            // RFC 7162 §3.1: asking for it is asking for CONDSTORE.
            Condstore.use(session);
        }
        return session.store()
                .mailboxes()
                .find(session.account().accountId(), name)
                .map(StatusCommand::selectable)
                .compose(mailbox -> StatusItem.write(session, mailbox, items))
                .map(done -> Completion.of("STATUS completed"));
    }

    private static Mailbox selectable(Optional<Mailbox> found) {
        return found.filter(Mailbox::selectable)
                .orElseThrow(() -> new Refusal(Refusal.Kind.NONEXISTENT, "No such mailbox"));
    }
}
