package io.postrider.pop3;

import io.vertx.core.Future;

/** USER: whose maildrop. Says the same whether there is such an account or not. RFC 1939 §7, §13 */
record UserCommand(String name) implements Command {
    static UserCommand parse(String arguments) {
        String name = arguments.strip();
        if (name.isEmpty()) {
            throw Refused.bad("Name expected");
        }
        return new UserCommand(name);
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        Logins.requirePasswordsAllowed(session);
        session.name(name);
        session.ok("Password, please");
        return Future.succeededFuture();
    }
}
