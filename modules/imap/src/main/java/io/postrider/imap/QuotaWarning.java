package io.postrider.imap;

/**
 * What is told to a client that fills its quota, and that it may show before a message is refused: with the command that
 * adds messages, since without one and without a mailbox it would be said of nothing. RFC 9208 §4.3.1
 */
final class QuotaWarning {
    /** Of a quota; from here on whatever adds messages brings a warning. */
    static final int PERCENT = 95;

    private QuotaWarning() {}

    static void tell(ImapSession session, long percentUsed) {
        if (percentUsed >= PERCENT) {
            session.connection().write("* NO [OVERQUOTA] " + percentUsed + " % of the quota is used\r\n");
        }
    }
}
