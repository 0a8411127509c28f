package io.postrider.imap;

import io.vertx.core.Future;

/** A parsed command: its arguments, and what it does. One record in one file, which also holds its grammar. */
public interface Command {
    /**
     * Runs, on the connection's context, writing untagged responses as it goes. Completes with the text of the tagged OK; a
     * {@link BadSyntax} becomes BAD, a {@link io.postrider.store.Refusal} or {@link No} becomes NO with its response code,
     * anything else NO [SERVERBUG] or [UNAVAILABLE].
     */
    Future<Completion> run(ImapSession session);

    /** Whether EXPUNGE may be told at its end as far as its arguments go: not where they name sequence numbers. */
    default boolean mayExpunge() {
        return true;
    }

    /**
     * How a command ended well.
     *
     * @param code response code without brackets, "" for none
     * @param text for people
     */
    record Completion(String code, String text) {
        static Completion of(String text) {
            return new Completion("", text);
        }
    }
}
