package io.postrider.imap;

import io.postrider.net.sasl.Origin;
import io.vertx.core.Future;

/** LOGIN: a name and a password in the clear, so only where the connection allows passwords. RFC 3501 §6.2.3 */
record LoginCommand(String name, byte[] password) implements Command {
    static Command parse(CommandReader reader) {
        reader.space();
        String name = reader.text();
        reader.space();
        return new LoginCommand(name, reader.astringOctets());
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        return session.sasl()
                .authenticator()
                .authenticate(name, password, Origin.of(session.connection()))
                .compose(account -> Logins.succeeded(session, account, "LOGIN"));
    }

    @Override
    public String toString() {
        return "LoginCommand[" + name + "]";
    }
}
