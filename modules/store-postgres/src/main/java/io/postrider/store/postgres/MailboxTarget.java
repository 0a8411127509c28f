package io.postrider.store.postgres;

import io.postrider.store.MailboxKey;
import io.postrider.store.Mailboxes;

/**
 * Where a message goes: a mailbox by its id, or, for a delivery, by its name.
 *
 * @param mailboxId 0 when it goes by name
 * @param name "" when it goes by id
 */
record MailboxTarget(long accountId, long mailboxId, String name) {
    static MailboxTarget of(MailboxKey mailbox) {
        return new MailboxTarget(mailbox.accountId(), mailbox.mailboxId(), "");
    }

    static MailboxTarget named(long accountId, String name) {
        return new MailboxTarget(accountId, 0, Names.mailbox(name).orElse(Mailboxes.INBOX));
    }
}
