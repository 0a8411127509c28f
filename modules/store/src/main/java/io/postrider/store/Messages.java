package io.postrider.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The messages of mailboxes. A set of messages is one statement; UIDs and MODSEQs are given out under the mailbox row's
 * lock. Every method that changes a mailbox tells {@link ChangeFeed} after its commit. A mailbox that is gone makes each of
 * them fail with NONEXISTENT.
 */
public interface Messages {
    /** Rows that one {@link #fetch} gives at most. */
    int MAX_FETCH_ROWS = 10_000;
    /** Octets of content (header, envelope, structures, first octets) after which one {@link #fetch} gives no further row. */
    int MAX_FETCH_OCTETS = 1 << 20;
    /** Rows that one {@link #threadRows} gives at most. */
    int THREAD_ROWS = 10_000;
    /** Keywords that a mailbox has seen; LIMIT beyond. */
    int MAX_KEYWORDS = 1000;
    /** Octets of a keyword; LIMIT beyond. */
    int MAX_KEYWORD_OCTETS = 255;

    /**
     * Opens a mailbox: its row and all its UIDs, at one moment, in one round trip.
     *
     * @param claimRecent whether this session takes the \Recent messages (SELECT does, EXAMINE does not); the answer's
     *     {@code mailbox.recentFrom()} is the value before
     */
    Future<Opened> open(MailboxKey mailbox, boolean claimRecent);

    /** @param firstUnseen the UID of the first message without \Seen; 0 when there is none */
    record Opened(Mailbox mailbox, UidSet uids, long firstUnseen) {}

    /**
     * What became newer than a MODSEQ; at one moment. Sessions that ask the same at the same time share one query.
     *
     * @param claimRecent as in {@link #open}
     */
    Future<Changes> changesSince(MailboxKey mailbox, long modSeq, boolean claimRecent);

    /**
     * @param mailbox its row at that moment; {@code highestModSeq} is the cursor to ask from next, {@code recentFrom} the
     *     value before it was claimed
     * @param changed messages that came or changed, by UID
     * @param expunged UIDs that went
     */
    record Changes(Mailbox mailbox, List<FlagState> changed, UidSet expunged) {}

    /** Which UIDs have changed or gone since a MODSEQ, for one who comes back after a while. RFC 7162 §3.2.5 */
    Future<Since> since(MailboxKey mailbox, long modSeq);

    /**
     * @param changed messages that came or changed
     * @param expunged UIDs that went
     * @param complete whether {@code expunged} is all of them: what went long ago is forgotten
     */
    record Since(UidSet changed, UidSet expunged, boolean complete) {}

    /** A message's flags and the MODSEQ at which they became so. */
    record FlagState(long uid, long modSeq, Flags flags) {}

    /**
     * Appends messages, all or none, in order, with UIDs that follow each other. Fails with OVER_QUOTA, LIMIT (keywords).
     */
    Future<Appended> append(MailboxKey mailbox, List<NewMessage> messages);

    /** @param uids those of the messages, in order */
    record Appended(long uidValidity, UidSet uids, long modSeq) {}

    /**
     * Appends a message and removes another, in one transaction; only what both come to counts against the quota. Fails with
     * EXPUNGED when the other is not there, else as for append; then nothing has happened. RFC 8508
     *
     * @param from where the message {@code uid} goes
     * @param to where the new one comes, of the same account
     */
    Future<Replaced> replace(MailboxKey from, long uid, MailboxKey to, NewMessage message);

    /** @param expungeModSeq that of the removal, which in one mailbox comes before that of the new message */
    record Replaced(Appended appended, long expungeModSeq) {}

    /**
     * Delivers a message into the account's mailbox of that name, or INBOX when there is none; OVER_QUOTA as for append.
     *
     * @param trace fields to put before the header: whole lines, each ended by CRLF. RFC 5321 §4.4
     */
    Future<Appended> deliver(long accountId, String mailboxName, NewContent content, Buffer trace);

    /**
     * Messages among {@code uids} in ascending order: up to {@code limit} and {@link #MAX_FETCH_ROWS} of them, fewer where
     * content is asked for and {@link #MAX_FETCH_OCTETS} may be reached, at least one if there is any. Ask again with {@code uids.above(last)}; an empty
     * answer ends it. UIDs that do not exist are passed over.
     */
    Future<List<FetchedMessage>> fetch(MailboxKey mailbox, UidSet uids, Set<FetchedMessage.Field> fields, int limit);

    /**
     * Changes flags. One MODSEQ for all messages that really change; those that have the flags already keep theirs.
     *
     * @param unchangedSince messages with a higher MODSEQ are left alone and named in {@code modified}. RFC 7162 §3.1.3
     */
    Future<Stored> store(MailboxKey mailbox, UidSet uids, FlagChange change, OptionalLong unchangedSince);

    /**
     * @param messages flags and MODSEQ of every message asked for that exists and is not in {@code modified}, by UID,
     *     changed or not
     * @param modified left alone because of UNCHANGEDSINCE
     * @param modSeq the MODSEQ that those which really changed got, and that no other change of the mailbox has; 0 when
     *     none changed. Who has heard of all before it has then heard of all
     */
    record Stored(List<FlagState> messages, UidSet modified, long modSeq) {}

    /**
     * Copies messages with flags and internal date; all or none. Into the same mailbox too. {@code to} may not be another
     * account's.
     */
    Future<Copied> copy(MailboxKey from, UidSet uids, MailboxKey to);

    /** Moves them in one transaction: they get new UIDs there and are expunged here. RFC 6851 */
    Future<Copied> move(MailboxKey from, UidSet uids, MailboxKey to);

    /**
     * @param source UIDs that were there to be copied, ascending
     * @param target their new UIDs, in the same order
     * @param sourceModSeq MODSEQ of the expunge in a move; else 0
     * @param quotaPercent how much of the account's quota is used now that something was copied; 0 in a move, and without one
     */
    record Copied(long uidValidity, UidSet source, UidSet target, long sourceModSeq, int quotaPercent) {}

    /**
     * Removes the messages that have \Deleted, for good as far as any client can see.
     *
     * @param among only these; {@link UidSet#ALL} for EXPUNGE without UIDs
     */
    Future<Expunged> expunge(MailboxKey mailbox, UidSet among);

    /** Removes messages whether they have \Deleted or not; POP3's DELE at QUIT. */
    Future<Expunged> remove(MailboxKey mailbox, UidSet uids);

    /** @param modSeq of this expunge, which no other change of the mailbox has; 0 when there was nothing to expunge */
    record Expunged(UidSet uids, long modSeq) {}

    /** Finds messages. Answers for the mailbox as it is now; the caller leaves out what its client has not heard of. */
    Future<Found> search(MailboxKey mailbox, SearchKey key);

    /** @param modSeq the highest MODSEQ among the found; 0 when none was found or the search names no MODSEQ */
    record Found(UidSet uids, long modSeq) {}

    /** Finds messages as {@link #search} does, and puts them in order. */
    Future<Sorted> sort(MailboxKey mailbox, SearchKey key, List<SortKey> order);

    /** @param modSeq as in {@link Found} */
    record Sorted(UidList uids, long modSeq) {}

    /**
     * What threads are made of, for the first {@link #THREAD_ROWS} of these messages, by UID. Ask again with
     * {@code uids.above(last)}; an empty answer ends it.
     */
    Future<List<ThreadRow>> threadRows(MailboxKey mailbox, UidSet uids);
}
