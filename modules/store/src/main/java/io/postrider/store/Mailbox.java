package io.postrider.store;

import java.util.List;
import java.util.Optional;

/**
 * A mailbox's row at one moment: its name, its cursors and its counters.
 *
 * @param name in Unicode, levels separated by {@link Mailboxes#SEPARATOR}, INBOX spelled so
 * @param selectable false for a mere parent, LIST's \NoSelect
 * @param uidValidity never changes while the mailbox lives
 * @param uidNext the UID the next message gets
 * @param highestModSeq the MODSEQ of the latest change, at least 1. RFC 7162 §3.1.2
 * @param messages how many there are
 * @param unseen how many lack \Seen
 * @param deleted how many have \Deleted
 * @param octets the sum of their sizes
 * @param recentFrom messages with this UID or a higher one no session has been told of as \Recent
 * @param keywords every keyword ever set in it, in the spelling seen first
 */
public record Mailbox(
        MailboxKey key,
        String name,
        boolean selectable,
        boolean subscribed,
        Optional<SpecialUse> specialUse,
        long uidValidity,
        long uidNext,
        long highestModSeq,
        long messages,
        long unseen,
        long deleted,
        long octets,
        long recentFrom,
        List<String> keywords) {
    public Mailbox {
        keywords = List.copyOf(keywords);
    }
}
