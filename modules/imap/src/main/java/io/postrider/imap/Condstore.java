package io.postrider.imap;

/** CONDSTORE is switched on by ENABLE and by every command that uses it. RFC 7162 §3.1 */
final class Condstore {
    private Condstore() {}

    /** A command that uses it begins: the first one with a mailbox selected tells HIGHESTMODSEQ. */
    static void use(ImapSession session) {
        if (session.enabled(Extension.CONDSTORE)) {
            return;
        }
        session.enable(Extension.CONDSTORE);
        if (session.selected() != null) {
            session.connection()
                    .write("* OK [HIGHESTMODSEQ " + session.selected().updates().modSeq() + "] Highest\r\n");
        }
    }
}
