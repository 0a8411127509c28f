package io.postrider.imap;

import io.postrider.imap.Command.Completion;
import io.postrider.store.Account;
import io.postrider.store.Protocols;
import io.vertx.core.Future;

/** What follows a login, however it came about. */
final class Logins {
    private Logins() {}

    /**
     * Lets the client in, if account and tenant may have one more session; an administrator may end it later. The tagged OK
     * carries the capabilities, which saves the client from asking. RFC 3501 §6.2.2, §6.2.3
     */
    static Future<Completion> succeeded(ImapSession session, Account account, String command) {
        return session.store()
                .sessions()
                .open(account.accountId(), Protocols.IMAP, session.connection().clientAddress(), session.input()::end)
                .map(opened -> {
                    session.loggedIn(account, opened);
                    return new Completion("CAPABILITY " + Capabilities.of(session), command + " completed");
                });
    }
}
