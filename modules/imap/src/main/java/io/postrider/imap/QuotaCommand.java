package io.postrider.imap;

import io.postrider.store.Mailboxes.Usage;
import io.vertx.core.Future;

/**
 * GETQUOTA and GETQUOTAROOT, and SETQUOTA, which nobody may: limits are the administrators', and an account that logs in here
 * is none. An account has one quota root, for all its mailboxes. RFC 9208 §4.1
 *
 * @param mailbox whose root is asked for; null to name the root itself
 * @param root as the client wrote it; null with a mailbox
 * @param sets whether the client wants other limits
 */
record QuotaCommand(String mailbox, String root, boolean sets) implements Command {
    /** An opaque name. RFC 9208 §3.2 */
    static final String ROOT = "";

    /** What STORAGE counts in. RFC 9208 §5.1 */
    private static final int UNIT = 1024;

    static Command parseGet(CommandReader reader) {
        reader.space();
        return new QuotaCommand(null, reader.astring(), false);
    }

    static Command parseGetRoot(CommandReader reader) {
        reader.space();
        return new QuotaCommand(reader.mailbox(), null, false);
    }

    static Command parseSet(CommandReader reader) {
        reader.space();
        String root = reader.astring();
        reader.space();
        reader.expect('(');
        while (!reader.take(')')) {
            reader.atom();
            reader.space();
            reader.number64();
            if (reader.peek() != ')') {
                reader.space();
            }
        }
        return new QuotaCommand(null, root, true);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (root != null && !root.equals(ROOT)) {
            return Future.failedFuture(new No("NONEXISTENT", "No such quota root"));
        }
        if (sets) {
            return Future.failedFuture(new No("NOPERM", "Administrators set quotas, by other ways"));
        }
        return session.store().mailboxes().usage(session.account().accountId()).map(usage -> {
            ResponseWriter out = session.response();
            if (mailbox != null) {
                // RFC 9208 §4.1.2: it need not exist.
                out.raw("* QUOTAROOT ").mailbox(mailbox).raw(" ").string(ROOT).crlf();
            }
            session.write(quota(out, usage));
            return Completion.of((mailbox == null ? "GETQUOTA" : "GETQUOTAROOT") + " completed");
        });
    }

    /** Only what is limited is listed. RFC 9208 §4.2.1 */
    private static ResponseWriter quota(ResponseWriter out, Usage usage) {
        out.raw("* QUOTA ").string(ROOT).raw(" (");
        String between = "";
        // A limit of less than a unit would be one of nothing, or none.
        long octetLimit = usage.octetLimit() == 0 ? 0 : Math.max(1, usage.octetLimit() / UNIT);
        between = resource(out, between, "STORAGE", (usage.octets() + UNIT - 1) / UNIT, octetLimit);
        between = resource(out, between, "MESSAGE", usage.messages(), usage.messageLimit());
        resource(out, between, "MAILBOX", usage.mailboxes(), usage.mailboxLimit());
        return out.raw(")").crlf();
    }

    private static String resource(ResponseWriter out, String between, String name, long used, long limit) {
        if (limit == 0) {
            return between;
        }
        out.raw(between).raw(name).raw(" ").number(used).raw(" ").number(limit);
        return " ";
    }
}
