package io.postrider.message;

import java.util.List;

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
    private static final Address NOBODY = new Address(null, null, "", "");

    /** Every text is folded and at most {@link ParserLimits#SORT_KEY_CHARACTERS} long. */
    static SortKeys of(HeaderValues header) {
        String subject = header.get("subject");
        BaseSubject base = BaseSubject.of(subject == null ? "" : EncodedWords.decode(subject));
        MessageDate date = MessageDate.parse(header.get("date"));
        Address from = first(header.addresses("from"));
        Address to = first(header.addresses("to"));
        Address cc = first(header.addresses("cc"));
        return new SortKeys(
                key(base.text()),
                base.reply(),
                key(from.mailbox()),
                key(to.mailbox()),
                key(cc.mailbox()),
                key(from.display()),
                key(to.display()),
                date == null ? NO_DATE : date.seconds(),
                date == null ? NO_DATE : date.day());
    }

    private static Address first(List<Address> addresses) {
        return addresses.isEmpty() ? NOBODY : addresses.get(0);
    }

    private static String key(String text) {
        return DecodedText.cut(
                CaseFold.fold(DecodedText.cut(text, ParserLimits.SORT_KEY_CHARACTERS)),
                ParserLimits.SORT_KEY_CHARACTERS);
    }
}
