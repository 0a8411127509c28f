package io.postrider.store;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;

/**
 * What SEARCH asks, ready for the store: sequence numbers turned into UIDs, \Recent into UIDs, charset into Unicode. RFC
 * 3501 §6.4.4, RFC 5032, RFC 7162 §3.1.5, RFC 8474, RFC 8514.
 *
 * <p>Text is compared as substrings by i;unicode-casemap, over decoded fields and text.
 */
public sealed interface SearchKey {
    /** How deep keys may nest. */
    int MAX_DEPTH = 100;
    /** Keys of one search, those that hold others counted too; LIMIT beyond. */
    int MAX_KEYS = 2000;

    record All() implements SearchKey {}

    record And(List<SearchKey> keys) implements SearchKey {}

    record Or(SearchKey left, SearchKey right) implements SearchKey {}

    record Not(SearchKey key) implements SearchKey {}

    record Uids(UidSet uids) implements SearchKey {}

    /** Has the system flag, one bit of {@link Flags}. */
    record HasFlag(int bit) implements SearchKey {}

    record HasKeyword(String keyword) implements SearchKey {}

    record Larger(long octets) implements SearchKey {}

    record Smaller(long octets) implements SearchKey {}

    /** BEFORE, ON, SINCE and their SENT and SAVED kin; the date alone counts, INTERNALDATE and save date in UTC. */
    record Dated(Date date, Comparison comparison, LocalDate day) implements SearchKey {}

    enum Date {
        INTERNAL,
        SENT,
        SAVED
    }

    enum Comparison {
        BEFORE,
        ON,
        SINCE
    }

    /** OLDER and YOUNGER, by internal date. RFC 5032 */
    record Age(boolean younger, Duration interval) implements SearchKey {}

    /** The field is there, and some one of it contains the text ("" for any). FROM, TO, CC, BCC and SUBJECT are this. */
    record Header(String field, String text) implements SearchKey {}

    record Body(String text) implements SearchKey {}

    /** In header or body. */
    record Text(String text) implements SearchKey {}

    record ModSeq(long atLeast) implements SearchKey {}

    /** The messages with this content. RFC 8474 */
    record EmailId(long contentId) implements SearchKey {}

    /** The messages of this thread. RFC 8474 */
    record ThreadId(long threadId) implements SearchKey {}
}
