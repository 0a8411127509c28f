package io.postrider.imap;

import io.postrider.store.SpecialUse;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * CREATE, with CREATE-SPECIAL-USE. RFC 3501 §6.3.3; RFC 6154 §3
 *
 * @param given the name in the client's spelling
 */
record CreateCommand(String name, String given, Optional<SpecialUse> specialUse) implements Command {
    /** Those that would be views of other mailboxes: nobody can make one. RFC 6154 §2 */
    private static final Set<SpecialUse> VIRTUAL = Set.of(SpecialUse.ALL, SpecialUse.FLAGGED);

    static Command parse(CommandReader reader) {
        reader.space();
        String name = reader.mailbox();
        String given = reader.mailboxAsGiven();
        Optional<SpecialUse> use = Optional.empty();
        if (reader.peek() == ' ') {
            reader.space();
            reader.expect('(');
            if (!reader.takeWord("USE")) {
                throw reader.bad("USE");
            }
            reader.space();
            reader.expect('(');
            use = specialUse(reader);
            reader.expect(')');
            reader.expect(')');
        }
        return new CreateCommand(name, given, use);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        return session.store()
                .mailboxes()
                .create(session.account().accountId(), name, specialUse)
                .onSuccess(mailbox -> session.news().ownNames(name))
                .map(mailbox -> {
                    ListResponse.tellSpelling(session, List.of(), mailbox.name(), given);
                    // RFC 8474 §4.1
                    String id = ObjectId.MAILBOX.of(mailbox.key().mailboxId());
                    return new Completion("MAILBOXID (" + id + ")", "CREATE completed");
                });
    }

    private static Optional<SpecialUse> specialUse(CommandReader reader) {
        if (reader.peek() == ')') {
            return Optional.empty();
        }
        reader.expect('\\');
        String attribute = "\\" + reader.atom().toUpperCase(Locale.ROOT);
        for (SpecialUse use : SpecialUse.values()) {
            if (use.attribute().equalsIgnoreCase(attribute) && !VIRTUAL.contains(use) && reader.peek() == ')') {
                return Optional.of(use);
            }
        }
        // Also for two at once, which RFC 6154 §3 lets a server refuse.
        throw new No("USEATTR", "No mailbox is made for that use");
    }
}
