package io.postrider.pop3;

import io.postrider.store.Account;
import io.postrider.store.Mailboxes;
import io.vertx.core.Future;

/** What PASS and AUTH have in common. */
final class Logins {
    private Logins() {}

    static void requirePasswordsAllowed(Pop3Connection session) {
        if (!session.connection().passwordsAllowed()) {
            throw Refused.no("TLS first: say STLS, then CAPA");
        }
    }

    /**
     * Lets the client in, if account and tenant may have one more session, locks the maildrop, takes the snapshot, and enters
     * TRANSACTION. RFC 1939 §4
     */
    static Future<Void> open(Pop3Connection session, Account account) {
        return session.count(account)
                .compose(counted -> session.lockMaildrop(account))
                .compose(locked -> session.store().mailboxes().find(account.accountId(), Mailboxes.INBOX))
                .compose(inbox -> Maildrop.read(
                        session.store().messages(),
                        inbox.orElseThrow(() -> Refused.no("[SYS/PERM] No INBOX")),
                        session.limits().messages()))
                .compose(session::enter)
                .recover(cause -> {
                    session.uncount();
                    return session.releaseMaildrop().transform(any -> Future.failedFuture(cause));
                });
    }
}
