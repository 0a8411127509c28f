package io.postrider.message;

/**
 * What SORT and THREAD order by, computed once from the header, normalised so that octet order is the wanted order.
 *
 * @param baseSubject the base subject of RFC 5256 §2.1, case-folded by i;unicode-casemap
 * @param subjectIsReply whether the base subject algorithm took off a reply or forward mark (ORDEREDSUBJECT, REFERENCES)
 * @param from mailbox of the first From address, case-folded; empty when there is none
 * @param to the same of the first To address
 * @param cc the same of the first Cc address
 * @param fromDisplay RFC 5957's display value of From: display name, or else the address
 * @param toDisplay the same of To
 * @param sentSeconds the Date field as seconds since 1970, UTC; {@link #NO_DATE} when absent or unreadable
 * @param sentDate the date that the Date field shows, its zone disregarded, as days since 1970, for SENTON and its
 *     kin; {@link #NO_DATE} when absent or unreadable
 */
public record SortKeys(
        String baseSubject,
        boolean subjectIsReply,
        String from,
        String to,
        String cc,
        String fromDisplay,
        String toDisplay,
        long sentSeconds,
        long sentDate) {
    public static final long NO_DATE = Long.MIN_VALUE;
}
