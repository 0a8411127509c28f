package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** LSUB: subscribed names, whether there are such mailboxes or not. RFC 3501 §6.3.9 */
record LsubCommand(String pattern) implements Command {
    static Command parse(CommandReader reader) {
        reader.space();
        String reference = reader.listMailbox();
        reader.space();
        return new LsubCommand(reference + reader.listMailbox());
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        MailboxPattern wanted = new MailboxPattern(pattern, session.names().separator());
        return ListedMailboxes.load(session, true).map(all -> {
            session.write(written(session, all, wanted));
            return Completion.of("LSUB completed");
        });
    }

    private static ResponseWriter written(ImapSession session, ListedMailboxes all, MailboxPattern wanted) {
        MailboxNames names = session.names();
        ResponseWriter response = session.response();
        Set<String> above = new LinkedHashSet<>();
        for (String name : new TreeSet<>(all.subscribed())) {
            String wireName = names.toWire(name);
            if (wanted.matches(wireName)) {
                Mailbox mailbox = all.mailbox(name);
                write(response, names, wireName, mailbox == null ? List.of() : all.attributes(mailbox));
            } else if (wanted.endsWithinLevel()) {
                addAbove(name, above);
            }
        }
        for (String name : above) {
            String wireName = names.toWire(name);
            if (!all.isSubscribed(name) && wanted.matches(wireName)) {
                // Not subscribed itself, but some name below it is, which "%" keeps out. RFC 3501 §6.3.9
                write(response, names, wireName, List.of("\\Noselect"));
            }
        }
        return response;
    }

    private static void addAbove(String name, Set<String> above) {
        String parent = ListedMailboxes.parent(name);
        while (!parent.isEmpty() && above.add(parent)) {
            parent = ListedMailboxes.parent(parent);
        }
    }

    private static void write(ResponseWriter response, MailboxNames names, String wireName, List<String> attributes) {
        response.raw("* LSUB (")
                .raw(String.join(" ", attributes))
                .raw(") ")
                .string(String.valueOf(names.separator()))
                .raw(" ")
                .listed(wireName)
                .crlf();
    }
}
