package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

/** SQL of the sweeper. Ages are in seconds, by the database's clock. */
final class SweeperQueries {
    /** One node at a time sweeps; whoever does not get the lock leaves it to the other. Held to the transaction's end. */
    static final Statement TRY_LOCK = named("sweep.tryLock", """
            select pg_try_advisory_xact_lock($1) as locked
            """);

    /** Accounts that have contents to look at, from $2 on. */
    static final Statement ACCOUNTS_DUE = named("sweep.accountsDue", """
            select distinct account_id
            from unreferenced
            where since <= now() - make_interval(secs => $1)
              and account_id > $2
            order by account_id
            limit $3
            """);

    /**
     * Takes up to $3 candidates of account $1 off the list and deletes those that really are in no mailbox. There is no index
     * of messages by content: it would cost each change of flags an entry. One look through the account's messages serves
     * all candidates.
     */
    static final Statement CONTENTS = named("sweep.contents", """
            with due as (
              delete from unreferenced u
              where u.account_id = $1
                and u.since <= now() - make_interval(secs => $2)
                and u.content_id in (
                  select content_id
                  from unreferenced
                  where account_id = $1
                    and since <= now() - make_interval(secs => $2)
                  order by content_id
                  limit $3
                )
              returning u.content_id
            ), dead as (
              select due.content_id
              from due
              where not exists (
                select
                from message m
                where m.account_id = $1
                  and m.content_id = due.content_id
              )
            ), gone_chunk as (
              delete from chunk c
              using dead
              where c.account_id = $1
                and c.content_id = dead.content_id
            ), gone_search_text as (
              delete from search_text s
              using dead
              where s.account_id = $1
                and s.content_id = dead.content_id
            ), gone_content as (
              delete from content c
              using dead
              where c.account_id = $1
                and c.content_id = dead.content_id
            )
            select count(*) as looked_at
            from due
            """);

    /** Chunks whose message never came. */
    static final Statement INCOMING = named("sweep.incoming", """
            with due as (
              delete from incoming i
              using (
                select account_id, content_id
                from incoming
                where started_at <= now() - make_interval(secs => $1)
                limit $2
                for update skip locked
              ) as old
              where i.account_id = old.account_id
                and i.content_id = old.content_id
              returning i.account_id, i.content_id
            ), gone_chunk as (
              delete from chunk c
              using due
              where c.account_id = due.account_id
                and c.content_id = due.content_id
                and not exists (
                  select
                  from content
                  where content.account_id = due.account_id
                    and content.content_id = due.content_id
                )
            )
            select count(*) as looked_at
            from due
            """);

    /** Forgets expunges, and notes in the mailbox up to where: whoever asks from before that has to compare all UIDs. */
    static final Statement EXPUNGED = named("sweep.expunged", """
            with gone as (
              delete from expunged e
              using (
                select account_id, mailbox_id, modseq, uid
                from expunged
                where expunged_at <= now() - make_interval(secs => $1)
                limit $2
              ) as old
              where e.account_id = old.account_id
                and e.mailbox_id = old.mailbox_id
                and e.modseq = old.modseq
                and e.uid = old.uid
              returning e.account_id, e.mailbox_id, e.modseq
            ), noted as (
              update mailbox m
              set expunged_pruned_modseq = greatest(m.expunged_pruned_modseq, newest.modseq)
              from (
                select account_id, mailbox_id, max(modseq) as modseq
                from gone
                group by account_id, mailbox_id
              ) as newest
              where m.account_id = newest.account_id
                and m.mailbox_id = newest.mailbox_id
            )
            select count(*) as looked_at
            from gone
            """);

    /** Failed logins that are forgotten. */
    static final Statement LOGIN_FAILURES = named("sweep.loginFailures", """
            with gone as (
              delete from login_failure
              where subject in (
                select subject
                from login_failure
                where failures <= extract(epoch from now() - counted_at) * forgotten_per_second
                limit $1
                for update skip locked
              )
              returning subject
            )
            select count(*) as looked_at
            from gone
            """);

    /** Networks nobody has come from for so long that somebody else may have them. */
    static final Statement KNOWN_NETWORKS = named("sweep.knownNetworks", """
            with gone as (
              delete from known_network k
              using (
                select account_id, network
                from known_network
                where last_login_on < now() - make_interval(secs => $1)
                limit $2
              ) as old
              where k.account_id = old.account_id
                and k.network = old.network
              returning k.network
            )
            select count(*) as looked_at
            from gone
            """);

    private SweeperQueries() {}
}
