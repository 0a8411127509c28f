package io.postrider.store.postgres;

/**
 * Changing the messages of a mailbox. Each of these runs in a transaction behind {@link #LOCK}, never alone: a statement
 * sees the rows as they were when it began, so one that itself waited for the mailbox's lock would count from rows that
 * have changed meanwhile, and the counters would drift. Behind LOCK it begins when nobody else can change them.
 */
final class FlagQueries {
    private FlagQueries() {}

    /** Locks mailboxes in the order of their ids, so that two that each want two cannot wait for each other. */
    static final Statement LOCK = Statement.named("mailbox.lock", """
            select mailbox_id
            from mailbox
            where account_id = $1 and mailbox_id = any ($2::bigint[])
            order by mailbox_id
            for update
            """);

    /** The messages of a set of UIDs: $3 the first, $4 the last, $5 all of them. */
    private static final String AMONG = "m.uid between $3 and $4 and m.uid <@ (select $5::text::int8multirange)";

    private static final String NEW_FLAGS = """
            (case $6::integer when 0 then $7::smallint when 1 then m.flags | $7::smallint else m.flags & ~$7::smallint end)""";

    /** In the order of the mailbox's list, so that equal sets are equal arrays. */
    private static final String NEW_KEYWORDS = """
            (case
                when $6 = 0 then given.keywords
                when $6 = 1 and not coalesce(m.keywords, '{}') @> given.keywords then array(
                  select k
                  from unnest(given.known) with ordinality as u (k, n)
                  where k = any (m.keywords) or k = any (given.keywords)
                  order by n)
                when $6 = 2 and m.keywords && given.keywords then array(
                  select k
                  from unnest(m.keywords) with ordinality as u (k, n)
                  where k <> all (given.keywords)
                  order by n)
                else coalesce(m.keywords, '{}')
              end)""";

    /**
     * STORE. $1 account, $2 mailbox, $3 to $5 the UIDs, $6 mode (0 replace, 1 add, 2 remove), $7 bits, $8 keywords, no
     * two alike but for case, $9 UNCHANGEDSINCE, $10 how many keywords a mailbox may have.
     *
     * <p>No row when there is no mailbox; {@code fits} false, and nothing done, when it would have too many keywords.
     */
    static final Statement STORE = Statement.named(
            "messages.store",
            """
            with box as (
              select highest_modseq, keywords
              from mailbox
              where account_id = $1 and mailbox_id = $2 and selectable
            ),
            new as (
              select array(
                select k
                from unnest($8::text[]) with ordinality as u (k, n)
                where $6::integer <> 2 and lower(k) not in (select lower(known) from unnest(box.keywords) as known)
                order by n) as keywords
              from box
            ),
            given as (
              select
                box.keywords || new.keywords as known,
                array(
                  select k
                  from unnest(box.keywords || new.keywords) with ordinality as u (k, n)
                  where lower(k) in (select lower(g) from unnest($8) as g)
                  order by n) as keywords,
                cardinality(new.keywords) = 0
                  or cardinality(box.keywords) + cardinality(new.keywords) <= $10::integer as fits
              from box, new
            ),
            asked as (
              select m.uid, m.modseq, m.flags, coalesce(m.keywords, '{}') as keywords,
                NEW_FLAGS as new_flags,
                NEW_KEYWORDS as new_keywords
              from message m
              cross join given
              where m.account_id = $1 and m.mailbox_id = $2 and AMONG and given.fits
            ),
            total as (
              select
                count(*) as messages,
                coalesce(sum((new_flags & 8 = 0)::integer - (flags & 8 = 0)::integer), 0) as unseen,
                coalesce(sum((new_flags & 4 <> 0)::integer - (flags & 4 <> 0)::integer), 0) as deleted
              from asked
              where modseq <= $9 and (flags <> new_flags or keywords <> new_keywords)
            ),
            changed as (
              update mailbox b
              set highest_modseq = b.highest_modseq + 1,
                unseen = b.unseen + total.unseen,
                deleted = b.deleted + total.deleted,
                keywords = given.known
              from total, given
              where b.account_id = $1 and b.mailbox_id = $2 and total.messages > 0
              returning b.highest_modseq
            ),
            written as (
              update message m
              set flags = NEW_FLAGS,
                keywords = nullif(NEW_KEYWORDS, '{}'),
                modseq = changed.highest_modseq
              from changed, given
              where m.account_id = $1 and m.mailbox_id = $2 and AMONG
                and m.modseq <= $9 and (m.flags <> NEW_FLAGS or coalesce(m.keywords, '{}') <> NEW_KEYWORDS)
            )
            select
              given.fits,
              coalesce((select highest_modseq from changed), 0) as change,
              listed.*,
              (select array_agg(uid order by uid) from asked where modseq > $9) as modified
            from given
            cross join lateral (
              select
                array_agg(uid order by uid) as uids,
                array_agg(
                  case
                    when flags <> new_flags or keywords <> new_keywords then (select highest_modseq from changed)
                    else modseq
                  end order by uid) as modseqs,
                array_agg(new_flags order by uid) as flag_bits,
                array_agg(array_to_string(nullif(new_keywords, '{}'), ' ') order by uid) as flag_keywords
              from asked
              where modseq <= $9
            ) as listed
            """.replace("AMONG", AMONG).replace("NEW_FLAGS", NEW_FLAGS).replace("NEW_KEYWORDS", NEW_KEYWORDS));

    /**
     * EXPUNGE. $1 account, $2 mailbox, $3 to $5 the UIDs. No row when there is no mailbox.
     */
    static final Statement EXPUNGE = Statement.named("messages.expunge", """
            with gone as (
              delete from message m
              where m.account_id = $1 and m.mailbox_id = $2 and AMONG
                and m.flags & 4 <> 0
              returning m.uid, m.flags, m.size, m.content_id
            ),
            total as (
              select
                count(*) as messages,
                count(*) filter (where flags & 8 = 0) as unseen,
                count(*) filter (where flags & 4 <> 0) as deleted,
                coalesce(sum(size), 0) as octets
              from gone
            ),
            changed as (
              update mailbox b
              set highest_modseq = b.highest_modseq + 1,
                messages = b.messages - total.messages,
                unseen = b.unseen - total.unseen,
                deleted = b.deleted - total.deleted,
                octets = b.octets - total.octets
              from total
              where b.account_id = $1 and b.mailbox_id = $2 and total.messages > 0
              returning b.highest_modseq
            ),
            noted as (
              insert into expunged (account_id, mailbox_id, modseq, uid)
              select $1, $2, changed.highest_modseq, gone.uid
              from gone, changed
            ),
            loose as (
              insert into unreferenced (account_id, content_id)
              select distinct $1::bigint, gone.content_id
              from gone
              on conflict (account_id, content_id) do update
              set since = now()
            )
            select
              coalesce((select highest_modseq from changed), 0) as change,
              (select array_agg(uid order by uid) from gone) as uids
            from mailbox
            where account_id = $1 and mailbox_id = $2 and selectable
            """.replace("AMONG", AMONG));

    /** The same whether they have \Deleted or not. */
    static final Statement REMOVE =
            Statement.named("messages.remove", EXPUNGE.sql().replace("and m.flags & 4 <> 0", ""));

    /**
     * COPY and MOVE. $1 account, $2 from, $3 to $5 the UIDs, $6 whether to move, $7 how many keywords a mailbox
     * may have, $8 to. Both mailboxes may be one: one update counts for both sides, because a row can be
     * updated only once in a statement.
     *
     * <p>No row when the target is gone; {@code source_exists} tells of the other. Copies count against the quota, moves
     * do not; {@code quota_percent} is what is used of it with them, as far as they were made.
     */
    static final Statement TRANSFER = Statement.named("messages.transfer", """
            with source as (
              select m.*, row_number() over (order by m.uid) as n
              from message m
              where m.account_id = $1 and m.mailbox_id = $2 and AMONG
            ),
            total as (
              select
                count(*) as messages,
                count(*) filter (where flags & 8 = 0) as unseen,
                count(*) filter (where flags & 4 <> 0) as deleted,
                coalesce(sum(size), 0) as octets
              from source
            ),
            target as (
              select b.uid_validity, b.uid_next, b.keywords || new.keywords as keywords,
                cardinality(new.keywords) = 0
                  or cardinality(b.keywords) + cardinality(new.keywords) <= $7::integer as fits,
                $6 or not exists (
                  select
                  from account a
                  join tenant t on t.tenant_id = a.tenant_id
                  left join tenant_usage u on u.tenant_id = a.tenant_id
                  where a.account_id = $1
                    and (a.octet_limit > 0 and a.octet_limit < total.octets
                        + (select sum(o.octets) from mailbox o where o.account_id = $1)
                      or a.message_limit > 0 and a.message_limit < total.messages
                        + (select sum(o.messages) from mailbox o where o.account_id = $1)
                      or t.octet_limit > 0 and t.octet_limit < total.octets + u.octets
                      or t.message_limit > 0 and t.message_limit < total.messages + u.messages)) as within_quota
              from mailbox b
              cross join total
              cross join lateral (
                select array(
                  select min(k)
                  from source, unnest(source.keywords) as k
                  where lower(k) not in (select lower(known) from unnest(b.keywords) as known)
                  group by lower(k)
                  order by lower(k)) as keywords
              ) as new
              where b.account_id = $1 and b.mailbox_id = $8 and b.selectable
            ),
            side as (
              select mailbox_id,
                (mailbox_id = $8)::integer - ($6 and mailbox_id = $2)::integer as sign
              from mailbox
              where account_id = $1 and (mailbox_id = $8 or ($6 and mailbox_id = $2))
            ),
            changed as (
              update mailbox b
              set uid_next = b.uid_next + case when b.mailbox_id = $8 then total.messages else 0 end,
                highest_modseq = b.highest_modseq + 1,
                messages = b.messages + side.sign * total.messages,
                unseen = b.unseen + side.sign * total.unseen,
                deleted = b.deleted + side.sign * total.deleted,
                octets = b.octets + side.sign * total.octets,
                keywords = case when b.mailbox_id = $8 then target.keywords else b.keywords end
              from side, total, target
              where b.account_id = $1 and b.mailbox_id = side.mailbox_id
                and total.messages > 0 and target.fits and target.within_quota
              returning b.mailbox_id, b.highest_modseq
            ),
            copied as (
              insert into message
                (account_id, mailbox_id, uid, modseq, flags, keywords, internal_date, save_date, size, content_id)
              select $1, $8, target.uid_next + source.n - 1, changed.highest_modseq, source.flags,
                case
                  when source.keywords is not null then array(
                    select k
                    from unnest(target.keywords) with ordinality as u (k, n)
                    where lower(k) in (select lower(s) from unnest(source.keywords) as s)
                    order by n)
                end,
                source.internal_date, now(), source.size, source.content_id
              from source, target, changed
              where changed.mailbox_id = $8
            ),
            gone as (
              delete from message m
              using changed
              where changed.mailbox_id = $2 and $6
                and m.account_id = $1 and m.mailbox_id = $2 and AMONG
            ),
            noted as (
              insert into expunged (account_id, mailbox_id, modseq, uid)
              select $1, $2, changed.highest_modseq, source.uid
              from source, changed
              where changed.mailbox_id = $2 and $6
            )
            select
              exists (select 1 from mailbox where account_id = $1 and mailbox_id = $2 and selectable) as source_exists,
              target.fits,
              target.within_quota,
              target.uid_validity,
              target.uid_next as first_uid,
              (select array_agg(uid order by uid) from source) as uids,
              (select highest_modseq from changed where mailbox_id = $8) as target_change,
              (select highest_modseq from changed where mailbox_id = $2 and $6) as source_change,
              coalesce((
                select floor(greatest(
                  case when a.octet_limit > 0 then 100 * (total.octets
                    + (select sum(o.octets) from mailbox o where o.account_id = $1)) / a.octet_limit end,
                  case when a.message_limit > 0 then 100 * (total.messages
                    + (select sum(o.messages) from mailbox o where o.account_id = $1)) / a.message_limit end))
                from account a, total
                where a.account_id = $1 and not $6), 0)::integer as quota_percent
            from target
            """.replace("AMONG", AMONG));
}
