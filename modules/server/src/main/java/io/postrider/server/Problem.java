package io.postrider.server;

/** What keeps Postrider from doing what it was asked, in one line for whoever asked. Carries no stack trace. */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Problem(String line) {
        super(line, null, false, false);
    }

    public Problem(String line, Throwable cause) {
        super(line, cause, false, false);
    }
}
