package io.postrider.store.postgres;

/** Locks of maildrops. */
final class MaildropQueries {
    /** A row comes back when the lock is the holder's now. */
    static final Statement LOCK = Statement.named("maildrop.lock", """
            insert into maildrop_lock as held (account_id, holder, expires_at)
            values ($1, $2, now() + $3 * interval '1 millisecond')
            on conflict (account_id) do update
              set holder = excluded.holder,
                  expires_at = excluded.expires_at
              where held.expires_at <= now()
            returning account_id
            """);

    /** A lease that has run out but that nobody else has taken is still the holder's. */
    static final Statement RENEW = Statement.named("maildrop.renew", """
            update maildrop_lock
            set expires_at = now() + $3 * interval '1 millisecond'
            where account_id = $1
              and holder = $2
            returning account_id
            """);

    static final Statement RELEASE = Statement.named("maildrop.release", """
            delete from maildrop_lock
            where account_id = $1
              and holder = $2
            """);

    private MaildropQueries() {}
}
