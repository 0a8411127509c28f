package io.postrider.store;

/** Names a mailbox for good, whatever it is called. The account comes first: it is the tenant wall. */
public record MailboxKey(long accountId, long mailboxId) {}
