package io.postrider.pop3;

/** -ERR and why. Carries no stack trace. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Who is at fault. */
    enum Kind {
        /** The client broke the protocol's grammar or order. */
        BAD,
        /** The client failed to log in. */
        LOGIN,
        /** The client wished for what cannot be. */
        NO,
        /** Not now: a bound of the account's, or of ours. */
        LATER,
        /** Our fault. */
        FAILED
    }

    private final Kind kind;

    /** @param text US-ASCII, a response code first where there is one. RFC 2449 §8, RFC 3206 */
    Refused(Kind kind, String text) {
        super(text, null, false, false);
        this.kind = kind;
    }

    static Refused bad(String text) {
        return new Refused(Kind.BAD, text);
    }

    static Refused no(String text) {
        return new Refused(Kind.NO, text);
    }

    Kind kind() {
        return kind;
    }
}
