package io.postrider.imap;

import io.vertx.core.Future;

/** NAMESPACE: one's own mailboxes; other users' and shared ones there are none yet. RFC 2342 §5 */
record NamespaceCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new NamespaceCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        MailboxNames names = session.names();
        session.write(session.response()
                .raw("* NAMESPACE ((")
                .string(names.prefix())
                .raw(" ")
                .string(String.valueOf(names.separator()))
                .raw(")) NIL NIL")
                .crlf());
        return Future.succeededFuture(Completion.of("NAMESPACE completed"));
    }
}
