package io.postrider.pop3;

import io.vertx.core.Future;

/**
 * UIDL: unique ids, of one message or of all. RFC 1939 §7
 *
 * @param number {@link ListCommand#ALL} for all
 */
record UidlCommand(int number) implements Command {
    static UidlCommand parse(String arguments) {
        return new UidlCommand(ListCommand.parse(arguments).number());
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        Maildrop maildrop = session.maildrop();
        if (number == ListCommand.ALL) {
            return Listing.write(session, maildrop::uniqueId);
        }
        maildrop.require(number);
        session.ok(number + " " + maildrop.uniqueId(number));
        return Future.succeededFuture();
    }
}
