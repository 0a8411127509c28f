package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.postrider.store.Messages;
import io.postrider.store.SpecialUse;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * SELECT and EXAMINE. A failed one leaves no mailbox selected; EXAMINE changes nothing, \Recent neither. RFC 3501 §6.3.1,
 * §6.3.2
 *
 * @param given the name in the client's spelling
 * @param condstore whether the client asks for CONDSTORE with it. RFC 7162 §3.1.8
 * @param resync what the client knows of the mailbox; null when it says nothing of that
 */
record SelectCommand(String name, String given, boolean readOnly, boolean condstore, QuickResync resync)
        implements Command {
    static Command select(CommandReader reader) {
        return parse(reader, false);
    }

    static Command examine(CommandReader reader) {
        return parse(reader, true);
    }

    private static Command parse(CommandReader reader, boolean readOnly) {
        reader.space();
        String name = reader.mailbox();
        String given = reader.mailboxAsGiven();
        boolean condstore = false;
        QuickResync resync = null;
        if (reader.take(' ') && !reader.atEnd()) {
            reader.expect('(');
            do {
                if (reader.takeWord("QRESYNC")) {
                    resync = QuickResync.read(reader);
                } else if (reader.takeWord("CONDSTORE")) {
                    condstore = true;
                } else {
                    throw reader.bad("CONDSTORE or QRESYNC");
                }
            } while (reader.take(' '));
            reader.expect(')');
        }
        return new SelectCommand(name, given, readOnly, condstore, resync);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (resync != null && !session.enabled(Extension.QRESYNC)) {
            // RFC 7162 §3.2.5
            throw new BadSyntax("QRESYNC must be enabled first");
        }
        if (resync != null && resync.sequences() != null && session.enabled(Extension.UIDONLY)) {
            throw BadSyntax.uidRequired();
        }
        leave(session);
        if (condstore) {
            Condstore.use(session);
        }
        return session.store()
                .mailboxes()
                .find(session.account().accountId(), name)
                .map(this::selectable)
                .compose(mailbox -> open(session, mailbox));
    }

    private void leave(ImapSession session) {
        if (session.selected() == null) {
            return;
        }
        session.select(null);
        // Marks where responses for the old mailbox end. Only when there was one: K-9 shows an empty INBOX else. RFC
        // 7162
        // §3.2.11 wants it whether CONDSTORE is enabled or not.
        session.connection().write("* OK [CLOSED] Previous mailbox closed\r\n");
    }

    private Mailbox selectable(Optional<Mailbox> found) {
        if (found.isEmpty()) {
            throw new No("NONEXISTENT", "There is no such mailbox");
        }
        if (!found.get().selectable()) {
            throw new No("CANNOT", "This name only has mailboxes below it");
        }
        return found.get();
    }

    private Future<Completion> open(ImapSession session, Mailbox found) {
        SelectedMailbox mailbox = new SelectedMailbox(session, found.key(), readOnly);
        return mailbox.open()
                .compose(opened -> {
                    if (session.connection().isClosed()) {
                        mailbox.close();
                        return Future.succeededFuture();
                    }
                    session.select(mailbox);
                    describe(session, mailbox, opened);
                    return resync(session, mailbox);
                })
                .map(done -> new Completion(
                        readOnly ? "READ-ONLY" : "READ-WRITE", (readOnly ? "EXAMINE" : "SELECT") + " completed"));
    }

    private Future<Void> resync(ImapSession session, SelectedMailbox mailbox) {
        return resync == null
                ? Future.succeededFuture()
                : resync.tell(session, mailbox).onFailure(failure -> session.select(null));
    }

    private void describe(ImapSession session, SelectedMailbox mailbox, Messages.Opened opened) {
        ResponseWriter out = session.response();
        mailbox.writeFlags(out);
        mailbox.writeSize(out);
        boolean rev2 = session.enabled(Extension.IMAP4REV2);
        if (opened.firstUnseen() > 0 && !rev2 && !session.enabled(Extension.UIDONLY)) {
            long sequence = mailbox.uids().sequence(opened.firstUnseen());
            out.raw("* OK [UNSEEN ").number(sequence).raw("] First unseen").crlf();
        }
        Mailbox row = opened.mailbox();
        out.raw("* OK [UIDVALIDITY ")
                .number(row.uidValidity())
                .raw("] UIDs valid")
                .crlf();
        out.raw("* OK [UIDNEXT ").number(row.uidNext()).raw("] Next UID").crlf();
        out.raw("* OK [HIGHESTMODSEQ ")
                .number(row.highestModSeq())
                .raw("] Highest")
                .crlf();
        // RFC 8474 §4.2
        out.raw("* OK [MAILBOXID (")
                .raw(ObjectId.MAILBOX.of(row.key().mailboxId()))
                .raw(")] Object ID")
                .crlf();
        session.write(out);
        if (rev2) {
            List<String> attributes =
                    row.specialUse().map(SpecialUse::attribute).stream().toList();
            ListResponse.tell(session, attributes, row.name(), given);
        }
    }
}
