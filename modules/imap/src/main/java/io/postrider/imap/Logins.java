package io.postrider.imap;

import io.postrider.imap.Command.Completion;
import io.postrider.store.Account;

/** What follows a login, however it came about. */
final class Logins {
    private Logins() {}

    /** The tagged OK carries the capabilities, which saves the client from asking. RFC 3501 §6.2.2, §6.2.3 */
    static Completion succeeded(ImapSession session, Account account, String command) {
        session.loggedIn(account);
        return new Completion("CAPABILITY " + Capabilities.of(session), command + " completed");
    }
}
