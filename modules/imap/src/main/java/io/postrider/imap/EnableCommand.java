package io.postrider.imap;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** ENABLE: switches on what would surprise a client that has not asked; the rest it passes over. RFC 5161 §3.1 */
record EnableCommand(Set<String> extensions) implements Command {
    static Command parse(CommandReader reader) {
        Set<String> extensions = new HashSet<>();
        do {
            reader.space();
            extensions.add(reader.atom().toUpperCase(Locale.ROOT));
        } while (reader.peek() == ' ');
        return new EnableCommand(extensions);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        boolean condstore = extensions.contains(Condstore.NAME) && !session.enabled(Condstore.NAME);
        session.write(session.response()
                .raw("* ENABLED")
                .raw(condstore ? " " + Condstore.NAME : "")
                .crlf());
        if (condstore) {
            Condstore.use(session);
        }
        return Future.succeededFuture(Completion.of("ENABLE completed"));
    }
}
