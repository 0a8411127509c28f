package io.postrider.imap;

import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Set;

/** ENABLE: switches on what would surprise a client that has not asked; the rest it passes over. RFC 5161 §3.1 */
record EnableCommand(Set<Extension> extensions) implements Command {
    /** Those that wholly work. */
    private static final Set<Extension> OFFERED = EnumSet.of(
            Extension.CONDSTORE, Extension.QRESYNC, Extension.IMAP4REV2, Extension.UTF8_ACCEPT, Extension.UIDONLY);

    static Command parse(CommandReader reader) {
        Set<Extension> extensions = EnumSet.noneOf(Extension.class);
        do {
            reader.space();
            String word = reader.atom();
            OFFERED.stream()
                    .filter(extension -> extension.word().equalsIgnoreCase(word))
                    .forEach(extensions::add);
        } while (reader.peek() == ' ');
        return new EnableCommand(extensions);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        ResponseWriter out = session.response().raw("* ENABLED");
        Set<Extension> newly = EnumSet.noneOf(Extension.class);
        for (Extension extension : extensions) {
            boolean offered =
                    extension != Extension.IMAP4REV2 || session.limits().rev2();
            if (offered && !session.enabled(extension)) {
                newly.add(extension);
                out.raw(" ").raw(extension.word());
            }
        }
        session.write(out.crlf());
        if (newly.contains(Extension.CONDSTORE) || newly.contains(Extension.QRESYNC)) {
            Condstore.use(session);
        }
        newly.forEach(session::enable);
        return Future.succeededFuture(Completion.of("ENABLE completed"));
    }
}
