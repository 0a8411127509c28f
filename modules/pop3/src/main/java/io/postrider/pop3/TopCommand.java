package io.postrider.pop3;

import io.vertx.core.Future;

/** TOP: a message's header and the first lines of its body. RFC 1939 §7 */
record TopCommand(int number, int bodyLines) implements Command {
    /** Most headers fit in it. */
    private static final int FIRST_OCTETS = 16 << 10;

    static TopCommand parse(String arguments) {
        String[] words = arguments.strip().split(" +");
        if (words.length != 2) {
            throw Refused.bad("Message number and number of lines expected");
        }
        return new TopCommand(CommandTable.number(words[0]), CommandTable.number(words[1]));
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        session.maildrop().require(number);
        MessageLines lines = MessageLines.top(bodyLines, session.limits().replaceNuls());
        return new MessageWriter(session, number, lines).write(FIRST_OCTETS);
    }
}
