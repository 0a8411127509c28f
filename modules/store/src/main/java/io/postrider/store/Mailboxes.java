package io.postrider.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The mailboxes of an account. Names are Unicode; protocols turn their own encodings into it. */
public interface Mailboxes {
    char SEPARATOR = '/';
    String INBOX = "INBOX";
    /** Octets of a name in UTF-8. */
    int MAX_NAME_OCTETS = 1000;
    /** Levels of a name. */
    int MAX_DEPTH = 50;
    /** Mailboxes of an account. */
    int MAX_MAILBOXES = 20_000;

    /** All mailboxes of the account, by name, INBOX first; one statement whatever their number. */
    Future<List<Mailbox>> list(long accountId);

    /** INBOX is found in any case; empty when there is none by that name. */
    Future<Optional<Mailbox>> find(long accountId, String name);

    /** As it stands now; fails with NONEXISTENT once it has been deleted. */
    Future<Mailbox> get(MailboxKey mailbox);

    /**
     * For mail that moves in with its UIDs: raises UIDNEXT to at least {@code uidNext}, remembers that what had a UID below it is
     * here, and takes over the UIDVALIDITY while no message has ever been in the mailbox. Empty, and nothing done, when the
     * mailbox has UIDs of its own by another UIDVALIDITY.
     */
    Future<Optional<ContinuedUids>> continueUids(MailboxKey mailbox, long uidValidity, long uidNext);

    /** @param importedUidNext the highest {@code uidNext} that {@link #continueUids} was ever given; 0 before the first */
    record ContinuedUids(long uidNext, long importedUidNext) {}

    /**
     * Makes a mailbox and the parents it lacks.
     *
     * <p>Fails with ALREADY_EXISTS, LIMIT, or CANNOT for a name that cannot be (empty levels, control characters).
     */
    Future<Mailbox> create(long accountId, String name, Optional<SpecialUse> specialUse);

    /**
     * Gives the mailbox and all below it a new name; they keep UIDVALIDITY and UIDs. Renaming INBOX moves its messages to
     * a new mailbox and leaves INBOX empty. RFC 3501 §6.3.5
     */
    Future<Void> rename(long accountId, String from, String to);

    /**
     * Deletes the mailbox and its messages. One with mailboxes below it becomes a mere parent; deleting a mere parent
     * that has any fails with HAS_CHILDREN; INBOX with CANNOT. RFC 3501 §6.3.4
     */
    Future<Void> delete(long accountId, String name);

    /** Puts a name on the subscribed list; it need not exist. RFC 3501 §6.3.6 */
    Future<Void> subscribe(long accountId, String name);

    /** Takes a name off it; no error when it was not on it. */
    Future<Void> unsubscribe(long accountId, String name);

    /** Subscribed names, those without a mailbox too. */
    Future<List<String>> subscriptions(long accountId);

    /** How many messages of each of these mailboxes no session has been told of as \Recent, by mailbox id; those without any are left out. */
    Future<Map<Long, Long>> recent(long accountId, List<Long> mailboxIds);

    /** The sizes of the messages with \Deleted, together, by mailbox id; mailboxes without any are left out. */
    Future<Map<Long, Long>> deletedOctets(long accountId, List<Long> mailboxIds);

    /** What the account keeps, from the counters, with its limits; NONEXISTENT. */
    Future<Usage> usage(long accountId);

    /**
     * A limit of 0 is none.
     *
     * @param octets kept
     * @param messageSizeLimit octets of one message, by the account's and the tenant's limit
     */
    record Usage(
            long octets,
            long messages,
            long mailboxes,
            long octetLimit,
            long messageLimit,
            long mailboxLimit,
            long messageSizeLimit) {
        /** What it would be without some messages. */
        public Usage without(long fewerMessages, long fewerOctets) {
            return new Usage(
                    octets - fewerOctets,
                    messages - fewerMessages,
                    mailboxes,
                    octetLimit,
                    messageLimit,
                    mailboxLimit,
                    messageSizeLimit);
        }
    }
}
