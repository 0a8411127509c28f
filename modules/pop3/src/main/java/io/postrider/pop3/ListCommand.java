package io.postrider.pop3;

import io.vertx.core.Future;

/**
 * LIST: sizes, of one message or of all. RFC 1939 §5
 *
 * @param number {@link #ALL} for all
 */
record ListCommand(int number) implements Command {
    static final int ALL = -1;

    static ListCommand parse(String arguments) {
        String number = arguments.strip();
        return new ListCommand(number.isEmpty() ? ALL : CommandTable.number(number));
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        Maildrop maildrop = session.maildrop();
        if (number == ALL) {
            return Listing.write(session, n -> Long.toString(maildrop.octets(n)));
        }
        maildrop.require(number);
        session.ok(number + " " + maildrop.octets(number));
        return Future.succeededFuture();
    }
}
