package io.postrider.store;

/**
 * A stretch of work that is told to whoever follows traces: a command, a delivery within it, a statement. It is there only where
 * the running command is being traced; else it is null, and nothing is made.
 */
public interface Span {
    /** Of the command that runs here, or of what is done for it right now; null when it is not traced. */
    static Span current() {
        TimeSpent spent = TimeSpent.current();
        return spent == null ? null : spent.span();
    }

    /** Begins a statement within the span; null within null. */
    static Span statement(Span within, String name) {
        return within == null ? null : within.statement(name);
    }

    /** Begins a part of the work within this. */
    Span part(String name);

    /** Begins a statement, or a transaction of several, within this. */
    Span statement(String name);

    /** Its name, known only now. */
    Span named(String name);

    Span tell(String key, String value);

    Span tell(String key, long value);

    /** Once. */
    void end(String outcome);
}
