package io.postrider.pop3;

import io.postrider.store.FetchedMessage;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Message;
import io.postrider.store.Messages;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * INBOX as it was at login, and what has been marked to go: message numbers stay the same for the whole session, whatever
 * comes or goes meanwhile. RFC 1939 §4. Plain arrays, since a maildrop of 100,000 messages is nothing rare.
 */
final class Maildrop {
    private final MailboxKey mailbox;
    private final long uidValidity;
    private final BitSet deleted = new BitSet();

    // In ascending order of UID: position n is message number n + 1. A UID has 32 bits.
    private int[] uids;
    private long[] contentIds;
    private long[] sizes;
    private int count;

    private Maildrop(Mailbox mailbox, int capacity) {
        this.mailbox = mailbox.key();
        this.uidValidity = mailbox.uidValidity();
        this.uids = new int[capacity];
        this.contentIds = new long[capacity];
        this.sizes = new long[capacity];
    }

    /** Reads the mailbox's messages, the oldest {@code limit} of them, batch by batch. */
    static Future<Maildrop> read(Messages messages, Mailbox mailbox, int limit) {
        int expected = (int) Math.min(limit, mailbox.messages());
        Maildrop maildrop = new Maildrop(mailbox, expected);
        return maildrop.readOn(messages, UidSet.ALL, expected).map(maildrop);
    }

    MailboxKey mailbox() {
        return mailbox;
    }

    /** Messages, those marked as deleted too: message numbers run up to it. */
    int highestNumber() {
        return count;
    }

    /** Messages not marked as deleted. RFC 1939 §5, STAT */
    int messages() {
        return count - deleted.cardinality();
    }

    long octets() {
        long octets = 0;
        for (int i = deleted.nextClearBit(0); i < count; i = deleted.nextClearBit(i + 1)) {
            octets += sizes[i];
        }
        return octets;
    }

    boolean isDeleted(int number) {
        return deleted.get(number - 1);
    }

    long octets(int number) {
        return sizes[number - 1];
    }

    long contentId(int number) {
        return contentIds[number - 1];
    }

    /** Stable for ever: a UID is never given twice under one UIDVALIDITY. RFC 1939 §7, RFC 3501 §2.3.1.1 */
    String uniqueId(int number) {
        return Long.toHexString(uidValidity) + "." + Integer.toHexString(uids[number - 1]);
    }

    /** That there is such a message and it is not marked as deleted; else {@link Refused}. */
    void require(int number) {
        if (number < 1 || number > count) {
            throw Refused.no("No such message");
        }
        if (isDeleted(number)) {
            throw Refused.no("Message is deleted");
        }
    }

    void delete(int number) {
        deleted.set(number - 1);
    }

    void undelete() {
        deleted.clear();
    }

    UidSet deletedUids() {
        UidSet.Builder marked = new UidSet.Builder();
        deleted.stream().forEach(i -> marked.add(Integer.toUnsignedLong(uids[i])));
        return marked.build();
    }

    private Future<Void> readOn(Messages messages, UidSet from, int expected) {
        if (count >= expected) {
            return Future.succeededFuture();
        }
        return messages.fetch(mailbox, from, Set.of(), Math.min(Messages.MAX_FETCH_ROWS, expected - count))
                .compose(batch -> {
                    if (batch.isEmpty()) { // some went between the mailbox's row and here
                        return Future.succeededFuture();
                    }
                    batch.forEach(fetched -> add(fetched.message()));
                    return readOn(messages, above(batch), expected);
                });
    }

    private static UidSet above(List<FetchedMessage> batch) {
        return UidSet.ALL.above(batch.get(batch.size() - 1).message().uid());
    }

    private void add(Message message) {
        if (count == uids.length) {
            int capacity = count + Messages.MAX_FETCH_ROWS;
            uids = Arrays.copyOf(uids, capacity);
            contentIds = Arrays.copyOf(contentIds, capacity);
            sizes = Arrays.copyOf(sizes, capacity);
        }
        uids[count] = (int) message.uid();
        contentIds[count] = message.contentId();
        sizes[count] = message.size();
        count++;
    }
}
