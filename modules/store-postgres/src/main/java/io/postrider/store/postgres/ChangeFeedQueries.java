package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

/** SQL of the change feed. */
final class ChangeFeedQueries {
    /** Of the mailboxes ($1, $2) those that went beyond the MODSEQ $3, or are gone: then it is null. */
    static final Statement NEWER = named("changes.newer", """
            select w.account_id, w.mailbox_id, m.highest_modseq
            from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as w (account_id, mailbox_id, modseq)
            left join mailbox m on m.account_id = w.account_id and m.mailbox_id = w.mailbox_id
            where m.highest_modseq is null
              or m.highest_modseq > w.modseq
            """);

    private ChangeFeedQueries() {}
}
