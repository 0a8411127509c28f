package io.postrider.imap;

/** What ENABLE, or a command that implies it, switches on for the rest of a session. RFC 5161 §3.1 */
enum Extension {
    /** RFC 7162 §3.1 */
    CONDSTORE("CONDSTORE"),
    /** RFC 7162 §3.2 */
    QRESYNC("QRESYNC"),
    /** Replies as RFC 9051 has them, where they differ from RFC 3501's. RFC 9051 §6.3.1 */
    IMAP4REV2("IMAP4rev2"),
    /** RFC 6855 */
    UTF8_ACCEPT("UTF8=ACCEPT"),
    /** RFC 9586 */
    UIDONLY("UIDONLY");

    private final String word;

    Extension(String word) {
        this.word = word;
    }

    /** As ENABLE names it. */
    String word() {
        return word;
    }
}
