package io.postrider.store.postgres;

/** Reading mailboxes: all their UIDs, what became newer, and their messages with as much content as wanted. */
final class MessageQueries {
    private MessageQueries() {}

    /** The mailbox's row, its \\Recent messages claimed if $3. */
    private static final String BOX = """
            box as (
              select MAILBOX_COLUMNS
              from mailbox m
              where m.account_id = $1 and m.mailbox_id = $2 and m.selectable
            ),
            latest as (
              select recent_from
              from mailbox
              where account_id = $1 and mailbox_id = $2 and $3 and recent_from < uid_next
              for update
            ),
            claimed as (
              update mailbox m
              set recent_from = greatest(m.recent_from, box.uid_next)
              from box, latest
              where m.account_id = $1 and m.mailbox_id = $2
            )""".replace("MAILBOX_COLUMNS", MailboxQueries.COLUMNS);

    private static final String RECENT_BEFORE = """
            case
                when not $3 or box.recent_from = box.uid_next then box.recent_from
                else coalesce((select recent_from from latest), box.uid_next)
              end""";

    private static final String FIRST_UNSEEN = """
            case
                when box.unseen > 0 then (
                  select uid
                  from message
                  where account_id = $1 and mailbox_id = $2 and flags & 8 = 0
                  order by uid
                  limit 1)
              end""";

    /**
     * A mailbox's row and UIDs at one moment, of one that is whole or small: {@code large} says that it is neither, and OPEN_LARGE
     * is to be asked. $1 account, $2 mailbox, $3 from how many messages on it is large.
     *
     * <p>Most of what such a statement costs is its start, and so it has no part that most mailboxes do not need.
     */
    static final Statement OPEN =
            Statement.named("messages.open", """
            with box as (
              select MAILBOX_COLUMNS, m.recent_from as recent_before
              from mailbox m
              where m.account_id = $1 and m.mailbox_id = $2 and m.selectable
            ),
            shape as (
              select lowest.uid as first_uid, highest.uid as last_uid,
                highest.uid - lowest.uid + 1 = box.messages as whole,
                highest.uid - lowest.uid + 1 <> box.messages and box.messages >= $3 as large
              from box
              left join lateral (
                select uid from message where account_id = $1 and mailbox_id = $2 order by uid limit 1
              ) as lowest on true
              left join lateral (
                select uid from message where account_id = $1 and mailbox_id = $2 order by uid desc limit 1
              ) as highest on true
            )
            select
              box.*,
              shape.*,
              packed.words,
              packed.bits,
              FIRST_UNSEEN as first_unseen
            from box
            cross join shape
            cross join lateral (
              select array_agg(word order by word) as words, array_agg(bits order by word) as bits
              from (
                select uid >> 6 as word, bit_or(1::bigint << (uid & 63)::integer) as bits
                from message
                where account_id = $1 and mailbox_id = $2 and not shape.whole and not shape.large
                group by uid >> 6
              ) as w
            ) as packed
            """.replace("MAILBOX_COLUMNS", MailboxQueries.COLUMNS)
                    .replace("FIRST_UNSEEN", FIRST_UNSEEN));

    /**
     * Claims the \\Recent messages that have a UID below $3, and tells which were claimed before; no row when they all were. $1
     * account, $2 mailbox. Read under the row's lock, so that of two sessions that come at once one gets them and the other
     * none.
     */
    static final Statement CLAIM_RECENT = Statement.named("messages.claimRecent", """
            with latest as (
              select recent_from
              from mailbox
              where account_id = $1 and mailbox_id = $2 and recent_from < $3
              for update
            ),
            claimed as (
              update mailbox m
              set recent_from = $3
              from latest
              where m.account_id = $1 and m.mailbox_id = $2
            )
            select recent_from
            from latest
            """);

    /**
     * The same of a mailbox of any size. $1 account, $2 mailbox, $3 whether to claim \Recent.
     *
     * <p>Everything shown is of the statement's snapshot. Only {@code recent_from} is read under the row's lock ("latest"),
     * so that of two sessions that come at once one gets the \Recent messages and the other none.
     *
     * <p>A mailbox without gaps, which the counters tell, costs no scan. One with gaps is its snapshot, if there is one and the
     * log of expunges goes back to it, with what came and went since; packed 64 UIDs to a word.
     */
    static final Statement OPEN_LARGE = Statement.named(
            "messages.openLarge",
            """
            with BOX,
            bounds as (
              select
                (select uid from message where account_id = $1 and mailbox_id = $2 order by uid limit 1) as first_uid,
                (select uid from message where account_id = $1 and mailbox_id = $2 order by uid desc limit 1) as last_uid
            ),
            shape as (
              select last_uid - first_uid + 1 = messages as whole
              from bounds, box
            ),
            known as (
              select s.modseq, s.uid_next, s.uids
              from uid_snapshot s
              join mailbox b on b.account_id = $1 and b.mailbox_id = $2
              where s.account_id = $1 and s.mailbox_id = $2 and b.expunged_pruned_modseq <= s.modseq
                and not (select whole from shape)
            )
            select
              box.*,
              RECENT_BEFORE as recent_before,
              bounds.first_uid,
              bounds.last_uid,
              shape.whole,
              known.uids as known_uids,
              packed.words,
              packed.bits,
              gone.words as gone_words,
              gone.bits as gone_bits,
              FIRST_UNSEEN as first_unseen
            from box
            cross join bounds
            cross join shape
            left join known on true
            cross join lateral (
              select array_agg(word order by word) as words, array_agg(bits order by word) as bits
              from (
                select uid >> 6 as word, bit_or(1::bigint << (uid & 63)::integer) as bits
                from message
                where account_id = $1 and mailbox_id = $2 and not shape.whole
                  and uid >= coalesce((select uid_next from known), 0)
                group by uid >> 6
              ) as w
            ) as packed
            cross join lateral (
              select array_agg(word order by word) as words, array_agg(bits order by word) as bits
              from (
                select uid >> 6 as word, bit_or(1::bigint << (uid & 63)::integer) as bits
                from expunged
                where account_id = $1 and mailbox_id = $2 and modseq > (select modseq from known)
                group by uid >> 6
              ) as w
            ) as gone
            """.replace("BOX", BOX).replace("RECENT_BEFORE", RECENT_BEFORE).replace("FIRST_UNSEEN", FIRST_UNSEEN));

    /** Keeps a snapshot unless a later one is kept, or the mailbox is just being deleted. $1 account, $2 mailbox, $3 MODSEQ, $4 UIDNEXT, $5 the UIDs. */
    static final Statement KEEP_SNAPSHOT = Statement.named("messages.keepSnapshot", """
            insert into uid_snapshot as s (account_id, mailbox_id, modseq, uid_next, uids)
            select $1::bigint, $2::bigint, $3::bigint, $4::bigint, $5::bytea
            from mailbox b
            where b.account_id = $1 and b.mailbox_id = $2
            for key share
            on conflict (account_id, mailbox_id) do update
            set modseq = excluded.modseq, uid_next = excluded.uid_next, uids = excluded.uids
            where s.modseq < excluded.modseq
            """);

    /**
     * What became newer than a MODSEQ. $1 account, $2 mailbox, $3 whether to claim \Recent (as in OPEN), $4 MODSEQ. That it
     * is above 0 the partial index wants to hear, see the migration.
     */
    static final Statement CHANGES_SINCE =
            Statement.named("messages.changesSince", """
            with BOX
            select
              box.*,
              RECENT_BEFORE as recent_before,
              changed.*,
              gone.uids as expunged
            from box
            cross join lateral (
              select
                array_agg(uid order by uid) as uids,
                array_agg(modseq order by uid) as modseqs,
                array_agg(flags order by uid) as flag_bits,
                array_agg(array_to_string(message.keywords, ' ') order by uid) as flag_keywords
              from message
              where account_id = $1 and mailbox_id = $2 and modseq > $4 and modseq > 0
            ) as changed
            cross join lateral (
              select array_agg(uid order by uid) as uids
              from expunged
              where account_id = $1 and mailbox_id = $2 and modseq > $4
            ) as gone
            """.replace("BOX", BOX).replace("RECENT_BEFORE", RECENT_BEFORE));

    /**
     * Which UIDs changed or went after a MODSEQ, packed as in OPEN. $1 account, $2 mailbox, $3 MODSEQ. Of "modseq > 0" see the
     * migration.
     */
    static final Statement SINCE = Statement.named("messages.since", """
            select
              b.expunged_pruned_modseq <= $3 as complete,
              changed.words as changed_words,
              changed.bits as changed_bits,
              gone.words as gone_words,
              gone.bits as gone_bits
            from mailbox b
            cross join lateral (
              select array_agg(w.word order by w.word) as words, array_agg(w.bits order by w.word) as bits
              from (
                select m.uid >> 6 as word, bit_or(1::bigint << (m.uid & 63)::integer) as bits
                from message m
                where m.account_id = $1 and m.mailbox_id = $2 and m.modseq > $3 and m.modseq > 0
                group by m.uid >> 6
              ) as w
            ) as changed
            cross join lateral (
              select array_agg(w.word order by w.word) as words, array_agg(w.bits order by w.word) as bits
              from (
                select e.uid >> 6 as word, bit_or(1::bigint << (e.uid & 63)::integer) as bits
                from expunged e
                where e.account_id = $1 and e.mailbox_id = $2 and e.modseq > $3
                group by e.uid >> 6
              ) as w
            ) as gone
            where b.account_id = $1 and b.mailbox_id = $2 and b.selectable
            """);

    /**
     * Narrow rows in UID order. $1 account, $2 mailbox, $3 and $4 the ranges' first and last UIDs, ascending, $5 how many
     * messages. One row of nulls when there are none; no row when there is no mailbox.
     *
     * <p>Ranges are walked in turn, each by the primary key, and the inner limit keeps 1:* from reading a whole mailbox
     * for each batch.
     */
    static final Statement FETCH = Statement.named("messages.fetch", """
            select m.uid, m.modseq, m.flags, m.keywords, m.internal_date, m.save_date, m.size, m.content_id
            from mailbox b
            left join lateral (
              select w.*
              from unnest($3::bigint[], $4::bigint[]) as r (first_uid, last_uid)
              cross join lateral (
                select *
                from message
                where account_id = $1 and mailbox_id = $2 and uid between r.first_uid and r.last_uid
                order by uid
                limit $5
              ) as w
              limit $5
            ) as m on true
            where b.account_id = $1 and b.mailbox_id = $2
            order by m.uid
            """);

    /**
     * The same with content, up to the row with which it reaches $6 octets. $7 header, $8 envelope, $9 bodystructure, $10
     * body, $11 structure, $12 first octets, $13 preview: whether each is wanted. Lengths are known without reading long values, so
     * what goes beyond the bound is never loaded. The inner "limit 1" keeps the planner from joining by reading all
     * contents of the account.
     */
    static final Statement FETCH_CONTENT = Statement.named("messages.fetchContent", """
            select
              m.uid, m.modseq, m.flags, m.keywords, m.internal_date, m.save_date, m.size, m.content_id,
              m.header, m.envelope, m.bodystructure, m.body, m.structure, m.first_octets, m.thread_id, m.preview
            from mailbox b
            left join lateral (
              select p.*, sum(p.octets) over (order by p.uid) - p.octets as octets_before
              from (
                select
                  w.*, c.*, k.first_octets,
                  coalesce(octet_length(c.header), 0) + coalesce(octet_length(c.envelope), 0)
                    + coalesce(octet_length(c.bodystructure), 0) + coalesce(octet_length(c.body), 0)
                    + coalesce(octet_length(c.structure), 0) + coalesce(octet_length(k.first_octets), 0) as octets
                from (
                  select v.*
                  from unnest($3::bigint[], $4::bigint[]) as r (first_uid, last_uid)
                  cross join lateral (
                    select *
                    from message
                    where account_id = $1 and mailbox_id = $2 and uid between r.first_uid and r.last_uid
                    order by uid
                    limit $5
                  ) as v
                  limit $5
                ) as w
                cross join lateral (
                  select
                    case when $7 then header end as header,
                    case when $8 then envelope end as envelope,
                    case when $9 then bodystructure end as bodystructure,
                    case when $10 then body end as body,
                    case when $11 then structure end as structure,
                    thread_id,
                    case when $13 then preview end as preview
                  from content
                  where account_id = $1 and content_id = w.content_id
                  limit 1
                ) as c
                left join lateral (
                  select octets as first_octets
                  from chunk
                  where account_id = $1 and content_id = w.content_id and n = 0 and $12
                  limit 1
                ) as k on true
              ) as p
            ) as m on m.octets_before < $6
            where b.account_id = $1 and b.mailbox_id = $2
            order by m.uid
            """);

    /**
     * What threads are made of, in UID order. $1 account, $2 mailbox, $3 and $4 the ranges' first and last UIDs, ascending,
     * $5 how many messages. One row, {@code rows} packed as {@link ThreadRows} reads it, null for no message; no row when
     * there is no mailbox.
     */
    static final Statement THREAD_ROWS = Statement.named("messages.threadRows", """
            select packed.rows
            from mailbox b
            cross join lateral (
              select
                string_agg(
                  int8send(w.uid)
                    || int8send(coalesce(c.sent_at, floor(extract(epoch from w.internal_date))::bigint))
                    || int8send(case when coalesce(c.base_subject, '') = '' then 0
                         else coalesce(nullif(hashtextextended(c.base_subject, 0), 0), 1) end)
                    || int4send(case when c.subject_is_reply then 1 else 0 end)
                    || int8send(case when coalesce(c.message_id, '') = '' then 0
                         else coalesce(nullif(hashtextextended(c.message_id, 0), 0), 1) end)
                    || int4send(coalesce(cardinality(c.reference_ids), 0))
                    || coalesce(c.reference_hashes, ''::bytea),
                  ''::bytea order by w.uid) as rows
              from (
                select v.*
                from unnest($3::bigint[], $4::bigint[]) as r (first_uid, last_uid)
                cross join lateral (
                  select uid, internal_date, content_id
                  from message
                  where account_id = $1 and mailbox_id = $2 and uid between r.first_uid and r.last_uid
                  order by uid
                  limit $5
                ) as v
                limit $5
              ) as w
              left join lateral (
                select
                  sent_at, base_subject, subject_is_reply, message_id, reference_ids,
                  (select string_agg(int8send(coalesce(nullif(hashtextextended(u.id, 0), 0), 1)), ''::bytea order by u.n)
                   from unnest(reference_ids) with ordinality as u (id, n)) as reference_hashes
                from content
                where account_id = $1 and content_id = w.content_id
                limit 1
              ) as c on true
            ) as packed
            where b.account_id = $1 and b.mailbox_id = $2
            """);
}
