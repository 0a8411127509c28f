package io.postrider.store;

/**
 * What SORT orders by; where two are alike, the next key decides, and at last the UID. RFC 5256 §3, RFC 5957 §4
 *
 * @param reverse from the highest down
 */
public record SortKey(Criterion criterion, boolean reverse) {
    /** Texts compare by i;unicode-casemap; what a message lacks is the empty text. */
    public enum Criterion {
        /** Internal date. */
        ARRIVAL,
        CC,
        /** The Date field, or else the internal date. RFC 5256 §2.2 */
        DATE,
        FROM,
        SIZE,
        /** Base subject. RFC 5256 §2.1 */
        SUBJECT,
        TO,
        DISPLAYFROM,
        DISPLAYTO
    }
}
