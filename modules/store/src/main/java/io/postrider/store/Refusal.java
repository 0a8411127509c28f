package io.postrider.store;

/** A wish that cannot be granted, with the kind that a protocol turns into its own code. Carries no stack trace. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why; IMAP's response codes of RFC 5530 are named where there is one. */
    public enum Kind {
        /** No such mailbox, domain or account. IMAP: NONEXISTENT (TRYCREATE where a target mailbox is missing). */
        NONEXISTENT,
        /** IMAP: ALREADYEXISTS. */
        ALREADY_EXISTS,
        /** The account's octets or messages. IMAP: OVERQUOTA; LMTP: 552 5.2.2. */
        OVER_QUOTA,
        /** A bound of ours: mailboxes, keywords, name length. IMAP: LIMIT. */
        LIMIT,
        /** Can never be done: deleting INBOX, a name with control characters. IMAP: CANNOT. */
        CANNOT,
        /** The mailbox has mailboxes below it. IMAP: HASCHILDREN. */
        HAS_CHILDREN,
        /** The account or its tenant is suspended. */
        SUSPENDED,
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
}
