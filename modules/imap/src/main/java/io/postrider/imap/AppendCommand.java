package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.Messages.Appended;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import java.util.List;

/**
 * APPEND, of one message (RFC 3501 §6.3.11) or several, all or none (RFC 3502), some of them made of parts (RFC 4469). Parsed
 * up to the first literal: its octets, and what follows them, come while the command runs.
 *
 * <p>Nothing is in the mailbox before the last octet is here.
 *
 * @param given the mailbox in the client's spelling
 */
record AppendCommand(String name, String given, AppendGrammar grammar, List<AppendGrammar.Step> first)
        implements Command {
    static Command parse(CommandReader reader) {
        reader.space();
        String name = reader.mailbox();
        String given = reader.mailboxAsGiven();
        AppendGrammar grammar = new AppendGrammar(false);
        return new AppendCommand(name, given, grammar, grammar.read(reader));
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        Future<Usage> usage =
                session.store().mailboxes().usage(session.account().accountId());
        return target(session, name)
                .compose(mailbox -> usage.compose(used -> {
                    AppendReceipt receipt = new AppendReceipt(session, grammar, used);
                    return receipt.receive(first)
                            .compose(messages -> append(session, mailbox, messages))
                            .onSuccess(done -> {
                                receipt.warnIfNearlyFull();
                                ListResponse.tellSpelling(session, List.of(), mailbox.name(), given);
                            });
                }));
    }

    /** Where messages are to go; a missing mailbox may be created and tried again. RFC 3501 §7.1 */
    static Future<Mailbox> target(ImapSession session, String name) {
        return session.store()
                .mailboxes()
                .find(session.account().accountId(), name)
                .map(found -> found.filter(Mailbox::selectable).orElseThrow(AppendCommand::tryCreate));
    }

    /** The mailbox was there when the command began. */
    static Throwable orTryCreate(Throwable failure) {
        return failure instanceof Refusal refusal && refusal.kind() == Refusal.Kind.NONEXISTENT ? tryCreate() : failure;
    }

    /** APPENDUID. RFC 4315 §3 */
    static String appendUid(Appended appended) {
        return "APPENDUID " + appended.uidValidity() + " " + appended.uids();
    }

    /** A client that has the mailbox selected hears EXISTS before the tagged OK. RFC 3501 §6.3.11 */
    static void lookIfSelected(ImapSession session, Mailbox mailbox, Appended appended) {
        SelectedMailbox selected = session.selected();
        if (selected != null && selected.key().equals(mailbox.key())) {
            selected.updates().ownNew(appended.uids());
            selected.updates().hint(appended.modSeq());
        } else {
            session.news().ownMessages(mailbox.key(), appended.uids());
        }
    }

    private static No tryCreate() {
        return new No("TRYCREATE", "No such mailbox");
    }

    private static Future<Completion> append(ImapSession session, Mailbox mailbox, List<NewMessage> messages) {
        return session.store()
                .messages()
                .append(mailbox.key(), messages)
                .recover(failure -> Future.failedFuture(orTryCreate(failure)))
                .map(appended -> {
                    lookIfSelected(session, mailbox, appended);
                    return new Completion(appendUid(appended), "APPEND completed");
                });
    }
}
