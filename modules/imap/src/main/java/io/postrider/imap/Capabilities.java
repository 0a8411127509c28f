package io.postrider.imap;

import io.postrider.net.Connection;
import java.util.List;

/** What the server says it can do; nothing is named before it wholly works. RFC 3501 §7.2.1 */
final class Capabilities {
    private static final String ALWAYS = "ID ENABLE LOGIN-REFERRALS";

    /** A line a topic: sessions, synchronising, mailboxes, finding, writing. */
    private static final String AFTER_LOGIN = String.join(
            " ",
            "IDLE NOTIFY NAMESPACE UNSELECT",
            "UIDPLUS MOVE CONDSTORE QRESYNC UIDONLY PARTIAL OBJECTID SAVEDATE PREVIEW SNIPPET=FUZZY PREVIEW=FUZZY",
            "CHILDREN SPECIAL-USE CREATE-SPECIAL-USE LIST-EXTENDED LIST-STATUS STATUS=SIZE UTF8=ACCEPT",
            "ESEARCH SEARCHRES WITHIN SORT SORT=DISPLAY ESORT CONTEXT=SEARCH CONTEXT=SORT I18NLEVEL=1",
            "UNAUTHENTICATE INPROGRESS QUOTA QUOTASET QUOTA=RES-STORAGE QUOTA=RES-MESSAGE QUOTA=RES-MAILBOX",
            "THREAD=ORDEREDSUBJECT THREAD=REFERENCES THREAD=REFS",
            "MULTIAPPEND BINARY CATENATE URL-PARTIAL REPLACE");

    private Capabilities() {}

    static String of(ImapSession session) {
        return session.account() == null ? beforeLogin(session) : afterLogin(session);
    }

    private static String afterLogin(ImapSession session) {
        // RFC 7889 §2: one limit for all mailboxes of the account.
        return always(session) + " " + AFTER_LOGIN + " APPENDLIMIT="
                + session.maxMessage() + " "
                + session.limits().messageLimit().capability()
                + (session.connection().deflate().isOn() ? "" : " COMPRESS=DEFLATE");
    }

    private static String always(ImapSession session) {
        return (session.limits().rev2() ? "IMAP4rev1 IMAP4rev2 SASL-IR " : "IMAP4rev1 SASL-IR ")
                + (session.limits().literalMinus() ? "LITERAL- " : "LITERAL+ ")
                + ALWAYS;
    }

    private static String beforeLogin(ImapSession session) {
        Connection connection = session.connection();
        StringBuilder all = new StringBuilder(always(session));
        if (connection.startTlsOffered()) {
            all.append(" STARTTLS");
        }
        if (!connection.passwordsAllowed()) {
            // RFC 2595 §3.2
            all.append(" LOGINDISABLED");
        }
        // Those that work on this connection as it is: RFC 5802, RFC 7677, RFC 7628 among them.
        List<String> mechanisms = session.sasl().mechanisms(connection);
        mechanisms.forEach(mechanism -> all.append(" AUTH=").append(mechanism));
        return all.toString();
    }
}
