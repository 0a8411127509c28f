package io.postrider.imap;

import java.util.List;

/** LIST responses that come without LIST: what a mailbox is really called. RFC 9051 §6.3.9.7 */
final class ListResponse {
    private ListResponse() {}

    /** Of the mailbox that is selected. RFC 9051 §6.3.2 */
    static void tell(ImapSession session, List<String> attributes, String name, String given) {
        ResponseWriter out = begin(session, attributes, name);
        if (isRespelled(session, name, given)) {
            oldName(out, given);
        }
        session.write(out.crlf());
    }

    /** To a client of RFC 9051 that has spelled a name in another way than we do. */
    static void tellSpelling(ImapSession session, List<String> attributes, String name, String given) {
        if (isRespelled(session, name, given)) {
            tellOldName(session, attributes, name, given);
        }
    }

    static void tellOldName(ImapSession session, List<String> attributes, String name, String given) {
        ResponseWriter out = begin(session, attributes, name);
        oldName(out, given);
        session.write(out.crlf());
    }

    /** Whether the client is to be told how the mailbox is really called. */
    static boolean isRespelled(ImapSession session, String name, String given) {
        return session.enabled(Extension.IMAP4REV2)
                && !session.names().toWire(name).equals(given);
    }

    /** A response up to where more may follow: its attributes, the separator and the name. */
    static ResponseWriter begin(ImapSession session, List<String> attributes, String name) {
        return session.response()
                .raw("* LIST (")
                .raw(String.join(" ", attributes))
                .raw(") ")
                .string(String.valueOf(session.names().separator()))
                .raw(" ")
                .mailbox(name);
    }

    private static void oldName(ResponseWriter out, String given) {
        out.raw(" (\"OLDNAME\" (").listed(given).raw("))");
    }
}
