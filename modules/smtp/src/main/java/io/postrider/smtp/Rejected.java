package io.postrider.smtp;

/** A command that cannot be granted, with the reply that says so. Carries no stack trace. */
final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    Rejected(Reply reply) {
        super(reply.lines().get(0), null, false, false);
        this.reply = reply;
    }

    Rejected(int code, String status, String text) {
        this(Reply.of(code, status, text));
    }

    Reply reply() {
        return reply;
    }
}
