package io.postrider.store;

/** A wish that cannot be granted, with the kind that a protocol turns into its own code. Carries no stack trace. */
public sealed class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why; IMAP's response codes of RFC 5530 are named where there is one. */
    public enum Kind {
        /** No such mailbox, domain or account. IMAP: NONEXISTENT (TRYCREATE where a target mailbox is missing). */
        NONEXISTENT,
        /** IMAP: ALREADYEXISTS. */
        ALREADY_EXISTS,
        /** Octets or messages of the account or its tenant. IMAP: OVERQUOTA; LMTP: 552 5.2.2. */
        OVER_QUOTA,
        /** The message is larger than the account or its tenant takes. IMAP: TOOBIG; LMTP: 552 5.2.3. */
        TOO_BIG,
        /** The account or its tenant has as many sessions as it may. IMAP: LIMIT; POP3: SYS/TEMP. */
        TOO_MANY_SESSIONS,
        /** More logins or deliveries in a minute than may be. IMAP: LIMIT; POP3: LOGIN-DELAY; LMTP: 450 4.7.1. */
        TOO_FAST,
        /** The account or its tenant may not use the protocol. IMAP: AUTHORIZATIONFAILED; POP3: SYS/PERM; LMTP: 550 5.7.1. */
        FORBIDDEN,
        /** A bound of ours: mailboxes, keywords, name length. IMAP: LIMIT. */
        LIMIT,
        /** Can never be done: deleting INBOX, a name with control characters. IMAP: CANNOT. */
        CANNOT,
        /** The mailbox has mailboxes below it. IMAP: HASCHILDREN. */
        HAS_CHILDREN,
        /** The account or its tenant is suspended. IMAP: CONTACTADMIN; LMTP: 450 4.2.1. */
        SUSPENDED,
        /** The account's mail is kept on another server. IMAP: REFERRAL; POP3: SYS/PERM; LMTP: 450 4.2.1. */
        MOVED,
        /** What was asked for has been expunged meanwhile. IMAP: EXPUNGEISSUED. */
        EXPUNGED
    }

    private final Kind kind;

    /** @param message what is wrong, one line that a client may be shown */
    public Refusal(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** MOVED, and where to. */
    public static final class Moved extends Refusal {
        private static final long serialVersionUID = 1L;

        private final String server;

        /** @param server {@code host} or {@code host:port} */
        public Moved(String server) {
            super(Kind.MOVED, "This account's mail is kept on " + server);
            this.server = server;
        }

        public String server() {
            return server;
        }
    }
}
