package io.postrider.imap;

import io.postrider.store.Account;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.Refusal;
import io.postrider.store.administration.Limit;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * GETQUOTA, GETQUOTAROOT and SETQUOTA. An account has one quota root, "", for all its mailboxes. One that sets quotas knows those
 * of its tenant's accounts by their addresses, too; to all others these are none. RFC 9208 §4.1
 *
 * @param mailbox whose root is asked for; null to name the root itself
 * @param root as the client wrote it; null with a mailbox
 * @param wanted limits; null unless they are to be set
 */
record QuotaCommand(String mailbox, String root, List<Resource> wanted) implements Command {
    /** An opaque name. RFC 9208 §3.2 */
    static final String ROOT = "";

    /** What STORAGE counts in. RFC 9208 §5.1 */
    private static final int UNIT = 1024;

    /** As the client wrote it. */
    record Resource(String name, long limit) {}

    static Command parseGet(CommandReader reader) {
        reader.space();
        return new QuotaCommand(null, reader.astring(), null);
    }

    static Command parseGetRoot(CommandReader reader) {
        reader.space();
        return new QuotaCommand(reader.mailbox(), null, null);
    }

    static Command parseSet(CommandReader reader) {
        reader.space();
        String root = reader.astring();
        reader.space();
        reader.expect('(');
        List<Resource> wanted = new ArrayList<>();
        while (!reader.take(')')) {
            String name = reader.atom();
            reader.space();
            wanted.add(new Resource(name.toUpperCase(Locale.ROOT), reader.number64()));
            if (reader.peek() != ')') {
                reader.space();
            }
        }
        return new QuotaCommand(null, root, wanted);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (wanted != null) {
            return set(session).map(usage -> told(session, usage, "SETQUOTA completed"));
        }
        if (root != null) {
            return usage(session).map(usage -> told(session, usage, "GETQUOTA completed"));
        }
        return own(session).map(usage -> {
            // RFC 9208 §4.1.2: it need not exist.
            session.write(session.response()
                    .raw("* QUOTAROOT ")
                    .mailbox(mailbox)
                    .raw(" ")
                    .string(ROOT)
                    .crlf());
            return told(session, usage, "GETQUOTAROOT completed");
        });
    }

    private Future<Usage> usage(ImapSession session) {
        return root.equals(ROOT)
                ? own(session)
                : session.store()
                        .administration()
                        .quotas()
                        .usage(session.account().accountId(), root);
    }

    private static Future<Usage> own(ImapSession session) {
        return session.store().mailboxes().usage(session.account().accountId());
    }

    private Future<Usage> set(ImapSession session) {
        Account by = session.account();
        return session.store()
                .administration()
                .quotas()
                .set(
                        by.accountId(),
                        session.connection().clientAddress(),
                        root.equals(ROOT) ? by.address() : root,
                        this::limits)
                .recover(failure -> Future.failedFuture(
                        failure instanceof Refusal refusal && refusal.kind() == Refusal.Kind.FORBIDDEN
                                ? new No("NOPERM", refusal.getMessage())
                                : failure));
    }

    private Map<Limit, Long> limits() {
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        for (Resource resource : wanted) {
            if (resource.limit() == 0) {
                // RFC 9208 §3.1.2 would have nothing kept any more, and 0 is no limit in the store.
                throw new No("CANNOT", "No limit can be 0 here; what is not named has none");
            }
            if (limits.put(limit(resource.name()), inStore(resource)) != null) {
                throw new No("CANNOT", resource.name() + " is named twice");
            }
        }
        return limits;
    }

    private static Limit limit(String resource) {
        return switch (resource) {
            case "STORAGE" -> Limit.OCTETS;
            case "MESSAGE" -> Limit.MESSAGES;
            case "MAILBOX" -> Limit.MAILBOXES;
            default -> throw new No("CANNOT", "Only STORAGE, MESSAGE and MAILBOX have limits here");
        };
    }

    private static long inStore(Resource resource) {
        if (!resource.name().equals("STORAGE")) {
            return resource.limit();
        }
        if (resource.limit() > Long.MAX_VALUE / UNIT) {
            throw new No("CANNOT", "No limit can be so high");
        }
        return resource.limit() * UNIT;
    }

    private Completion told(ImapSession session, Usage usage, String done) {
        session.write(quota(session.response(), root == null ? ROOT : root, usage));
        return Completion.of(done);
    }

    /** Only what is limited is listed. RFC 9208 §4.2.1 */
    private static ResponseWriter quota(ResponseWriter out, String root, Usage usage) {
        out.raw("* QUOTA ").string(root).raw(" (");
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
