package io.postrider.benchmarks;

import java.io.IOException;

/** Brings mailboxes to the size that a scenario reads. */
final class Mailboxes {
    /** Messages to one command. */
    private static final int TOGETHER = 100;

    /** Of these the copies are made. */
    private static final int FIRST = 2000;

    /** Of so many messages one is unseen, and of so many UIDs one is missing. */
    private static final int UNSEEN = 20;

    private Mailboxes() {}

    /** Fills INBOX up to so many messages. */
    static void fill(Target target, String account, String password, int messages, Messages with) throws IOException {
        try (ImapClient imap = new ImapClient(target).login(account, password)) {
            imap.command("SELECT INBOX");
            appendUpTo(imap, "INBOX", messages, with);
        }
    }

    /**
     * A mailbox of its own of so many messages, by copying what it has so far over and over: any server can do that. Nineteen of
     * twenty have been seen; every twentieth UID is missing.
     */
    static void multiply(ImapClient imap, String mailbox, int messages) throws IOException {
        try {
            imap.command("SELECT " + mailbox);
        } catch (IOException e) {
            imap.command("CREATE " + mailbox);
            imap.command("SELECT " + mailbox);
        }
        if (imap.exists() >= messages) {
            return;
        }
        int withGaps = messages + (messages - 1) / (UNSEEN - 1);
        int first = Math.min(FIRST, withGaps);
        appendUpTo(imap, mailbox, first, Messages.small());
        imap.command("STORE 1:* +FLAGS.SILENT (\\Seen)");
        StringBuilder unseen = new StringBuilder();
        StringBuilder gone = new StringBuilder();
        for (int n = UNSEEN; n <= first; n += UNSEEN) {
            unseen.append(unseen.isEmpty() ? "" : ",").append(n - 1);
            gone.append(gone.isEmpty() ? "" : ",").append(n);
        }
        if (!unseen.isEmpty()) {
            imap.command("STORE " + unseen + " -FLAGS.SILENT (\\Seen)");
            imap.command("STORE " + gone + " +FLAGS.SILENT (\\Deleted)");
        }
        while (imap.exists() < withGaps) {
            imap.command("COPY 1:" + Math.min(imap.exists(), withGaps - imap.exists()) + " " + mailbox);
            imap.command("NOOP");
        }
        imap.command("EXPUNGE");
        imap.command("SELECT " + mailbox);
    }

    private static void appendUpTo(ImapClient imap, String mailbox, int messages, Messages with) throws IOException {
        for (int n = imap.exists(); n < messages; n += TOGETHER) {
            imap.append(mailbox, with.some(n, Math.min(TOGETHER, messages - n)));
        }
        imap.command("NOOP");
    }
}
