package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.Refusal;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.List;

/**
 * What others do to the selected mailbox, told to the client when it may be told. One cursor, the MODSEQ up to which it has
 * been told, answers all: what is newer, asks {@link Messages#changesSince}.
 *
 * <p>Easy to get wrong: EXPUNGE renumbers messages, so it must wait while a command names them by number (RFC 3501 §7.4.1).
 * Until it is sent, an expunged message keeps its sequence number. New flags and new messages can be told at any time
 * during a command.
 */
final class Updates {
    /** Whether EXPUNGE may be sent now. */
    enum Expunges {
        TOLD,
        /** During FETCH, STORE and SEARCH by sequence number. RFC 3501 §7.4.1, §5.5 */
        HELD_BACK
    }

    /** Untagged responses that are written before the client must have taken them. */
    private static final int RESPONSES_AT_ONCE = 1000;

    private final ImapSession session;
    private final SelectedMailbox mailbox;

    /** The client has been told all changes up to this one, but for expunges held back. */
    private long modSeq;
    /** The newest change we have heard of. */
    private long hinted;
    /** Gone, and the client has not been told: these keep their sequence numbers. */
    private UidSet heldBack = UidSet.EMPTY;
    /** The cursor before the first of them went: what a client that breaks off now has really been told. */
    private long heldBackFrom;
    /** Whether the client has been told to go by that. */
    private boolean toldToWait;
    /** What the client's own command changed, told already in its responses, when others had changed something before it. */
    private UidSet toldUids = UidSet.EMPTY;

    private long toldModSeq;
    /** What the client has put here itself and has not been told of yet. */
    private UidSet ownNew = UidSet.EMPTY;

    Updates(ImapSession session, SelectedMailbox mailbox) {
        this.session = session;
        this.mailbox = mailbox;
    }

    void startFrom(long highestModSeq) {
        modSeq = highestModSeq;
    }

    /** The client has been told all changes up to this one. */
    long modSeq() {
        return modSeq;
    }

    /** Whether we have heard of news that the client has not been told. */
    boolean behind() {
        return hinted > modSeq && !session.news().hidesMessages();
    }

    /** Somebody says that there are changes up to this one. */
    void hint(long highestModSeq) {
        hinted = Math.max(hinted, highestModSeq);
        if (behind()) {
            session.news().came();
        }
    }

    /** There may be news, says who found something gone or put something here. */
    void hint() {
        hint(Long.MAX_VALUE);
    }

    /** Whether the client has not been told of messages that are gone. */
    boolean owesExpunges() {
        return !heldBack.isEmpty();
    }

    /** Tells what there is to tell, asking the store only when there may be something. At the end of every command. */
    Future<Void> tell(Expunges expunges) {
        return behind()
                ? look(expunges)
                : mailbox.contexts().settle(UidSet.EMPTY).compose(settled -> tellExpunges(expunges));
    }

    /** Asks the store, and tells what is new. */
    Future<Void> look(Expunges expunges) {
        if (session.news().hidesMessages()) {
            return tellExpunges(expunges);
        }
        hinted = 0;
        MailboxKey key = mailbox.key();
        return session.store()
                .messages()
                .changesSince(key, modSeq, mailbox.claimsRecent())
                .recover(this::failed)
                .compose(changes -> tell(changes, expunges));
    }

    /**
     * The client's own command has changed flags and tells so itself. If there was nothing between, the cursor moves over
     * it, and nobody needs to ask.
     *
     * @param ownModSeq 0 when nothing was changed
     */
    void ownChange(long ownModSeq, UidSet uids) {
        mailbox.contexts().changed(uids);
        if (follows(ownModSeq)) {
            modSeq = ownModSeq;
        } else if (ownModSeq > modSeq) {
            toldUids = toldModSeq == ownModSeq ? toldUids.union(uids) : uids;
            toldModSeq = ownModSeq;
            hint(ownModSeq);
        }
    }

    /** The client itself has put these here: it knows what they are. RFC 5465 §5.2 */
    void ownNew(UidSet uids) {
        ownNew = ownNew.union(uids);
    }

    /** Whether there is nothing between what the client knows and this change. */
    boolean follows(long ownModSeq) {
        return ownModSeq == modSeq + 1;
    }

    /** The client's own command has expunged messages; it is told with all other expunges. */
    void ownExpunge(long ownModSeq, UidSet uids) {
        holdBack(uids);
        ownChange(ownModSeq, UidSet.EMPTY);
    }

    private void holdBack(UidSet gone) {
        if (heldBack.isEmpty()) {
            heldBackFrom = modSeq;
        }
        heldBack = heldBack.union(mailbox.uids().known(gone));
    }

    private Future<Void> tell(Messages.Changes changes, Expunges expunges) {
        if (changes.mailbox().uidValidity() != mailbox.uidValidity()) {
            return disconnect("UIDVALIDITY of the selected mailbox has changed", new No("", "UIDVALIDITY has changed"));
        }
        holdBack(changes.expunged());
        modSeq = changes.mailbox().highestModSeq();
        ResponseWriter out = session.response();
        if (mailbox.learnKeywords(changes.mailbox().keywords())) {
            mailbox.writeFlags(out);
            session.write(out);
        }
        long highest = mailbox.uids().highest();
        UidSet.Builder came = new UidSet.Builder();
        UidSet.Builder all = new UidSet.Builder();
        for (Messages.FlagState state : changes.changed()) {
            all.add(state.uid());
            if (state.uid() > highest) {
                came.add(state.uid());
            }
        }
        mailbox.contexts().changed(all.build());
        return tellFlags(changes.changed())
                .compose(told -> mailbox.contexts().settle(UidSet.EMPTY))
                .compose(told -> tellExpunges(expunges))
                .compose(told -> tellNew(came.build(), changes.mailbox()));
    }

    private Future<Void> tellFlags(List<Messages.FlagState> changed) {
        UidSet own = toldUids;
        long ownModSeq = toldModSeq;
        toldUids = UidSet.EMPTY;
        toldModSeq = 0;
        if (session.news().hidesFlags()) {
            return Future.succeededFuture();
        }
        Iterator<Messages.FlagState> each = changed.stream()
                .filter(state -> mailbox.uids().contains(state.uid()))
                .filter(state -> state.modSeq() != ownModSeq || !own.contains(state.uid()))
                .iterator();
        return EachInOrder.whileTrue(() -> {
            ResponseWriter out = session.response();
            for (int i = 0; i < RESPONSES_AT_ONCE && each.hasNext(); i++) {
                Messages.FlagState state = each.next();
                mailbox.writeFlagsOf(out, state.uid(), state.flags(), state.modSeq(), true);
            }
            return written(out).map(done -> each.hasNext());
        });
    }

    /** From the last to the first, so that no number shifts before it is named. */
    private Future<Void> tellExpunges(Expunges expunges) {
        if (heldBack.isEmpty()) {
            return Future.succeededFuture();
        }
        if (expunges == Expunges.HELD_BACK) {
            tellToWait(heldBackFrom);
            return Future.succeededFuture();
        }
        UidSet gone = heldBack;
        heldBack = UidSet.EMPTY;
        return mailbox.contexts().gone(gone).compose(told -> tellGone(gone));
    }

    private Future<Void> tellGone(UidSet gone) {
        if (session.enabled(Extension.QRESYNC) || session.enabled(Extension.UIDONLY)) {
            mailbox.went(gone);
            return Vanished.tell(session, gone).onSuccess(told -> tellToGoOn());
        }
        UidSet sequences = mailbox.uids().sequences(gone);
        mailbox.went(gone);
        Descending numbers = new Descending(sequences);
        return EachInOrder.whileTrue(() -> {
            ResponseWriter out = session.response();
            for (int i = 0; i < RESPONSES_AT_ONCE && numbers.hasNext(); i++) {
                out.raw("* ").number(numbers.next()).raw(" EXPUNGE").crlf();
            }
            return written(out).map(done -> numbers.hasNext());
        });
    }

    /** A client that breaks off comes back with the highest MODSEQ it has seen, unless it is told otherwise. RFC 7162 §6 */
    private void tellToWait(long toldUpTo) {
        if (session.enabled(Extension.QRESYNC)) {
            toldToWait = true;
            session.connection().write("* OK [HIGHESTMODSEQ " + toldUpTo + "] Some news must wait\r\n");
        }
    }

    private void tellToGoOn() {
        if (toldToWait) {
            toldToWait = false;
            session.connection().write("* OK [HIGHESTMODSEQ " + modSeq + "] All told\r\n");
        }
    }

    private Future<Void> tellNew(UidSet came, Mailbox now) {
        mailbox.came(came, now.recentFrom(), now.uidNext());
        if (came.isEmpty()) {
            return Future.succeededFuture();
        }
        ResponseWriter out = session.response();
        mailbox.writeSize(out);
        session.write(out);
        // RFC 5465 §7 has FETCH between EXISTS and ESEARCH; its §5.2 says the reverse.
        UidSet ofOthers = came.minus(ownNew);
        ownNew = ownNew.minus(came);
        return FetchCommand.tell(session, mailbox, ofOthers, session.news().itemsOfNew())
                .compose(told -> mailbox.contexts().settle(ofOthers));
    }

    private Future<Void> written(ResponseWriter out) {
        if (out.length() == 0) {
            return Future.succeededFuture();
        }
        session.write(out);
        return session.connection().drained();
    }

    private Future<Messages.Changes> failed(Throwable failure) {
        hint();
        tellToWait(heldBack.isEmpty() ? modSeq : heldBackFrom);
        if (failure instanceof Refusal refusal && refusal.kind() == Refusal.Kind.NONEXISTENT) {
            return disconnect("The selected mailbox has been deleted", failure);
        }
        return Future.failedFuture(failure);
    }

    /** Clients keep asking for what cannot come back, so the connection ends. */
    private <T> Future<T> disconnect(String why, Throwable failure) {
        session.bye(why);
        return Future.failedFuture(failure);
    }

    /** The numbers of a set from the highest down. */
    private static final class Descending {
        private final UidSet numbers;
        private int range;
        private long next;

        Descending(UidSet numbers) {
            this.numbers = numbers;
            this.range = numbers.rangeCount() - 1;
            this.next = range < 0 ? 0 : numbers.last(range);
        }

        boolean hasNext() {
            return range >= 0;
        }

        long next() {
            long number = next--;
            if (number == numbers.first(range) && --range >= 0) {
                next = numbers.last(range);
            }
            return number;
        }
    }
}
