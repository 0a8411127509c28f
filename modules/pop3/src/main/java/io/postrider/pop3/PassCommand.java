package io.postrider.pop3;

import io.postrider.net.sasl.Origin;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;

/** PASS: spaces belong to the password. RFC 1939 §7 */
record PassCommand(String password) implements Command {
    static PassCommand parse(String arguments) {
        if (arguments.isEmpty()) {
            throw Refused.bad("Password expected");
        }
        return new PassCommand(arguments);
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        Logins.requirePasswordsAllowed(session);
        String name = session.takeName();
        if (name == null) {
            throw Refused.bad("Say USER first");
        }
        return session.sasl()
                .authenticator()
                .authenticate(name, password.getBytes(StandardCharsets.UTF_8), Origin.of(session.connection()))
                .compose(account -> Logins.open(session, account));
    }

    @Override
    public String toString() {
        return "PASS";
    }
}
