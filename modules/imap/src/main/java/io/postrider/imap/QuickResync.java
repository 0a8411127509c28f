package io.postrider.imap;

import io.postrider.store.UidSet;
import io.vertx.core.Future;

/**
 * What a client that comes back knows of a mailbox: the QRESYNC parameter of SELECT and EXAMINE. It is told what has gone and
 * what has changed since. RFC 7162 §3.2.5
 *
 * @param known UIDs it wants to hear of; null for all
 * @param sequences sequence numbers whose UIDs it knows, ascending; null when it says nothing of that
 * @param uids those UIDs, as many
 */
record QuickResync(long uidValidity, long modSeq, SequenceSet known, SequenceSet sequences, SequenceSet uids) {
    /** Reads the parameter's value, from the space before it. RFC 7162 §7 */
    static QuickResync read(CommandReader reader) {
        reader.space();
        reader.expect('(');
        long uidValidity = reader.number();
        if (uidValidity == 0) {
            throw reader.bad("number above 0 before");
        }
        reader.space();
        long modSeq = reader.number64();
        SequenceSet known = null;
        SequenceSet sequences = null;
        SequenceSet uids = null;
        if (reader.take(' ')) {
            if (reader.peek() != '(') {
                known = plainSet(reader);
            }
            if (known == null || reader.take(' ')) {
                reader.expect('(');
                sequences = plainSet(reader);
                reader.space();
                uids = plainSet(reader);
                reader.expect(')');
            }
        }
        reader.expect(')');
        return new QuickResync(uidValidity, modSeq, known, sequences, uids);
    }

    /** A set without "*" or "$": the client speaks of what it knows, not of what there is now. */
    private static SequenceSet plainSet(CommandReader reader) {
        SequenceSet set = reader.sequenceSet();
        if (set.hasStar() || set.isSaved()) {
            throw reader.bad("set of numbers before");
        }
        return set;
    }

    /** Tells it, when the mailbox has been described; nothing when it knows another mailbox. */
    Future<Void> tell(ImapSession session, SelectedMailbox mailbox) {
        if (uidValidity != mailbox.uidValidity()) {
            return Future.succeededFuture();
        }
        return session.store().messages().since(mailbox.key(), modSeq).compose(since -> {
            // What has come since the mailbox was opened is told afterwards, as to everybody.
            UidSet opened = mailbox.uidsGivenOut();
            UidSet wanted = known == null ? opened : opened.intersect(known.asWritten());
            UidSet vanished = Vanished.of(mailbox, since, wanted.above(lastAgreed(mailbox.uids())));
            return Vanished.tellEarlier(session, vanished)
                    .compose(told -> FetchCommand.tellFlags(
                            session, mailbox, since.changed().intersect(wanted)));
        });
    }

    /**
     * The highest UID that the client knows to have the sequence number that it has. Of the messages up to it, the client
     * knows all that have gone. 0 when there is none. RFC 7162 §3.2.5.2
     *
     * <p>Once a pair disagrees, all behind it do: between two numbers there are at least as many UIDs.
     */
    private long lastAgreed(UidMap map) {
        if (sequences == null) {
            return 0;
        }
        long agreed = 0;
        Pairs pairs = new Pairs(sequences.asWritten(), uids.asWritten());
        while (pairs.next()) {
            long last = pairs.lastAgreed(map);
            if (last == 0) {
                return agreed;
            }
            agreed = last;
        }
        return agreed;
    }

    /** Runs through both sets at once: each step is as long as both go on without a gap. */
    private static final class Pairs {
        private final UidSet sequences;
        private final UidSet uids;
        private int sequenceRange;
        private int uidRange;
        private long nextSequence;
        private long nextUid;
        private long sequence;
        private long uid;
        private long length;

        Pairs(UidSet sequences, UidSet uids) {
            this.sequences = sequences;
            this.uids = uids;
            this.nextSequence = sequences.min();
            this.nextUid = uids.min();
        }

        boolean next() {
            if (sequenceRange == sequences.rangeCount() || uidRange == uids.rangeCount()) {
                return false;
            }
            sequence = nextSequence;
            uid = nextUid;
            length = Math.min(sequences.last(sequenceRange) - sequence, uids.last(uidRange) - uid) + 1;
            nextSequence += length;
            nextUid += length;
            if (nextSequence > sequences.last(sequenceRange) && ++sequenceRange < sequences.rangeCount()) {
                nextSequence = sequences.first(sequenceRange);
            }
            if (nextUid > uids.last(uidRange) && ++uidRange < uids.rangeCount()) {
                nextUid = uids.first(uidRange);
            }
            return true;
        }

        /** The UID of the last pair of this step that agrees; 0 for none. */
        long lastAgreed(UidMap map) {
            long low = -1;
            long high = Math.min(length, map.size() - sequence + 1);
            while (low + 1 < high) {
                long middle = (low + high) >>> 1;
                if (map.uid(sequence + middle) == uid + middle) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return low < 0 ? 0 : uid + low;
        }
    }
}
