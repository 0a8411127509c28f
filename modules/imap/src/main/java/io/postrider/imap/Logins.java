package io.postrider.imap;

import io.postrider.imap.Command.Completion;
import io.postrider.store.Account;
import io.postrider.store.Protocols;
import io.postrider.store.Refusal;
import io.vertx.core.Future;

/** What follows a login, however it came about. */
final class Logins {
    private Logins() {}

    /**
     * Lets the client in, if account and tenant may have one more session; an administrator may end it later. The tagged OK
     * carries the capabilities, which saves the client from asking. RFC 3501 §6.2.2, §6.2.3
     *
     * <p>Whose mail is elsewhere is told where, here and not before: only who has proved who it is. RFC 2221 §6
     */
    static Future<Completion> succeeded(ImapSession session, Account account, String command) {
        return session.store()
                .sessions()
                .open(account.accountId(), Protocols.IMAP, session.connection().clientAddress(), session.input()::end)
                .map(opened -> {
                    session.loggedIn(account, opened);
                    return new Completion("CAPABILITY " + Capabilities.of(session), command + " completed");
                })
                .recover(failure -> Future.failedFuture(
                        failure instanceof Refusal.Moved moved ? referral(account, moved) : failure));
    }

    /** AUTH=*, for what the other server takes is not known here, and without it a client may go there as nobody. RFC 2221 §3 */
    private static No referral(Account account, Refusal.Moved moved) {
        String url = "imap://" + ImapUrl.encoded(account.address()) + ";AUTH=*@" + moved.server() + "/";
        return new No("REFERRAL " + url, moved.getMessage());
    }
}
