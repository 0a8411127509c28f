package io.postrider.imap;

import io.postrider.store.FlagChange;
import io.postrider.store.Flags;
import io.postrider.store.Messages;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/**
 * STORE and UID STORE. RFC 3501 §6.4.6, RFC 7162 §3.1.3
 *
 * @param silent the client does not want to be told the flags it has set
 * @param unchangedSince only messages that nobody has changed after this MODSEQ
 */
record StoreCommand(SequenceSet messages, boolean byUid, FlagChange change, boolean silent, OptionalLong unchangedSince)
        implements Command {
    /** Messages that one statement changes; more are several, so that nobody waits long for the mailbox's lock. */
    static final int MESSAGES_AT_ONCE = 10_000;

    /** Untagged responses that are written before the client must have taken them. */
    private static final int RESPONSES_AT_ONCE = 1000;

    static Command parse(CommandReader reader, boolean byUid) {
        reader.space();
        SequenceSet messages = reader.sequenceSet();
        reader.space();
        OptionalLong unchangedSince = OptionalLong.empty();
        if (reader.take('(')) {
            if (!reader.takeWord("UNCHANGEDSINCE")) {
                throw reader.bad("UNCHANGEDSINCE");
            }
            reader.space();
            unchangedSince = OptionalLong.of(reader.number64());
            reader.expect(')');
            reader.space();
        }
        FlagChange.Mode mode = reader.take('+')
                ? FlagChange.Mode.ADD
                : reader.take('-') ? FlagChange.Mode.REMOVE : FlagChange.Mode.REPLACE;
        boolean silent = reader.takeWord("FLAGS.SILENT");
        if (!silent && !reader.takeWord("FLAGS")) {
            throw reader.bad("FLAGS");
        }
        reader.space();
        return new StoreCommand(messages, byUid, new FlagChange(mode, reader.storeFlags()), silent, unchangedSince);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        SelectedMailbox mailbox = session.selected();
        mailbox.mustBeWritable();
        if (unchangedSince.isPresent()) {
            Condstore.use(session);
        }
        Run run = new Run(this, session, mailbox);
        MessageLimit limit = session.limits().messageLimit();
        return mailbox.resolve(messages, byUid)
                .map(uids -> limit.of(mailbox.uids(), uids))
                .compose(part -> run.all(part).map(done -> limit.told(session, part, run.completion())));
    }

    /** One run of it, batch by batch. */
    private static final class Run {
        private final StoreCommand command;
        private final ImapSession session;
        private final SelectedMailbox mailbox;
        private final UidSet.Builder modified = new UidSet.Builder();
        private UidSet rest;
        /** A part of what is named is taken from its end. RFC 9738 §3.1 */
        private boolean fromLast;

        private boolean missing;

        Run(StoreCommand command, ImapSession session, SelectedMailbox mailbox) {
            this.command = command;
            this.session = session;
            this.mailbox = mailbox;
        }

        Future<Void> all(MessageLimit.Part part) {
            rest = part.uids();
            fromLast = !part.isAll();
            return EachInOrder.whileTrue(() -> rest.isEmpty() ? Future.succeededFuture(false) : batch());
        }

        private Future<Boolean> batch() {
            UidSet some = fromLast
                    ? mailbox.uids().lastOf(rest, MESSAGES_AT_ONCE)
                    : mailbox.uids().firstOf(rest, MESSAGES_AT_ONCE);
            UidSet batch = some == null ? rest : some;
            rest = rest.minus(batch);
            return session.store()
                    .messages()
                    .store(mailbox.key(), batch, command.change, command.unchangedSince)
                    .compose(stored -> tell(batch, stored))
                    .map(true);
        }

        private Future<Void> tell(UidSet batch, Messages.Stored stored) {
            stored.modified().forEach(modified::add);
            if (!stored.modified().isEmpty()) {
                // The client is spared asking why. RFC 7162 §3.1.3
                mailbox.updates().hint();
            }
            long found = stored.messages().size() + stored.modified().size();
            if (found < mailbox.uids().count(batch)) {
                missing = true;
                mailbox.updates().hint();
            }
            // When others have changed flags in between, the client's picture of what .SILENT hides would be wrong:
            // then it is told. RFC 3501 §6.4.6
            boolean alone = stored.modSeq() == 0 || mailbox.updates().follows(stored.modSeq());
            UidSet.Builder changed = new UidSet.Builder();
            for (Messages.FlagState state : stored.messages()) {
                if (state.modSeq() == stored.modSeq()) {
                    changed.add(state.uid());
                }
            }
            mailbox.updates().ownChange(stored.modSeq(), changed.build());
            tellNewKeywords(stored.messages());
            return tellFlags(stored, command.silent && alone);
        }

        private void tellNewKeywords(List<Messages.FlagState> states) {
            boolean learned = false;
            for (Messages.FlagState state : states) {
                learned |= mailbox.learnKeywords(state.flags().keywords());
            }
            if (learned) {
                ResponseWriter out = session.response();
                mailbox.writeFlags(out);
                session.write(out);
            }
        }

        /** The flags; if they are not wanted, the MODSEQ alone to those who want that. RFC 7162 §3.1.3 */
        private Future<Void> tellFlags(Messages.Stored stored, boolean hidden) {
            if (hidden && !session.enabled(Extension.CONDSTORE)) {
                return Future.succeededFuture();
            }
            List<Messages.FlagState> states = new ArrayList<>(stored.messages());
            if (fromLast) {
                Collections.reverse(states);
            }
            Iterator<Messages.FlagState> each = states.iterator();
            return EachInOrder.whileTrue(() -> {
                ResponseWriter out = session.response();
                for (int i = 0; i < RESPONSES_AT_ONCE && each.hasNext(); i++) {
                    Messages.FlagState state = each.next();
                    Flags flags = hidden ? null : state.flags();
                    mailbox.writeFlagsOf(out, state.uid(), flags, state.modSeq(), command.byUid);
                }
                session.write(out);
                return session.connection().drained().map(done -> each.hasNext());
            });
        }

        Completion completion() {
            UidSet failed = modified.build();
            if (!failed.isEmpty()) {
                UidSet named = command.byUid ? failed : mailbox.uids().sequences(failed);
                return new Completion("MODIFIED " + named, "Conditional STORE failed for some");
            }
            // Never NO: clients would try again for ever. RFC 2180 §4.2, RFC 5530 §3
            return missing && !command.byUid
                    ? new Completion("EXPUNGEISSUED", "Some messages no longer exist")
                    : Completion.of("STORE completed");
        }
    }
}
