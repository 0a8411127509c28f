package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

/**
 * SQL that counts anew what is kept. Each statement compares within itself, so that what others commit meanwhile is either in
 * both or in neither of what it compares.
 */
final class CheckQueries {
    /** What an account needs, and what must have been given out. $1 account */
    static final Statement ACCOUNT = named("check.account", """
            select a.uid_validity,
              exists (select from mailbox m where m.account_id = a.account_id and m.name = 'INBOX') as has_inbox,
              coalesce((select x.account_id = a.account_id from address x where x.address = a.address), false) as has_address,
              exists (select from address x where x.address = a.address and x.account_id <> a.account_id) as address_is_taken,
              (select max(m.uid_validity) from mailbox m where m.account_id = a.account_id) as highest_validity,
              (select max(m.mailbox_id) from mailbox m where m.account_id = a.account_id) as highest_mailbox_id,
              (select max(c.content_id) from content c where c.account_id = a.account_id) as highest_content_id,
              (select last_value from mailbox_id_seq) as last_mailbox_id,
              (select last_value from content_id_seq) + $2::bigint - 1 as last_content_id
            from account a
            where a.account_id = $1
              and a.state <> 'removing'
            """);

    static final Statement RAISE_VALIDITY = named("check.raiseValidity", """
            update account a
            set uid_validity = greatest(a.uid_validity, (
              select max(m.uid_validity) from mailbox m where m.account_id = a.account_id))
            where a.account_id = $1
            """);

    static final Statement ADD_ADDRESS = named("check.addAddress", """
            insert into address (address, account_id)
            select a.address, a.account_id
            from account a
            where a.account_id = $1
            on conflict (address) do nothing
            """);

    /** Far beyond all that others may take of it at this moment, for {@code setval} could take it back. $1 at least */
    static final Statement RAISE_MAILBOX_IDS = named("check.raiseMailboxIds", """
            select setval('mailbox_id_seq', $1::bigint + 1000000)
            """);

    static final Statement RAISE_CONTENT_IDS = named("check.raiseContentIds", """
            select setval('content_id_seq', $1::bigint + 1000000)
            """);

    /** How many messages each is said to have, to look at small ones together. */
    static final Statement MAILBOX_IDS = named("check.mailboxIds", """
            select mailbox_id, messages
            from mailbox
            where account_id = $1
            order by mailbox_id
            """);

    /** Of mailbox {@code b}: what its messages come to (c), its expunges (e), and keywords it does not know of. */
    private static final String COUNTED = """
            cross join lateral (
              select
                count(*) as messages,
                count(*) filter (where m.flags & 8 = 0) as unseen,
                count(*) filter (where m.flags & 4 <> 0) as deleted,
                coalesce(sum(m.size), 0)::bigint as octets,
                coalesce(max(m.uid), 0) as last_uid,
                coalesce(max(m.modseq), 0) as last_modseq
              from message m
              where m.account_id = b.account_id and m.mailbox_id = b.mailbox_id
            ) as c
            cross join lateral (
              select
                coalesce(max(x.uid), 0) as last_uid,
                coalesce(max(x.modseq), 0) as last_modseq,
                count(*) filter (where exists (
                  select
                  from message m
                  where m.account_id = x.account_id and m.mailbox_id = x.mailbox_id and m.uid = x.uid)) as present
              from expunged x
              where x.account_id = b.account_id and x.mailbox_id = b.mailbox_id
            ) as e
            cross join lateral (
              select array(
                select distinct k
                from message m
                cross join unnest(m.keywords) as k
                where m.account_id = b.account_id and m.mailbox_id = b.mailbox_id and m.keywords is not null
                  and k <> all (b.keywords)
                order by k) as keywords
            ) as lacking
            cross join lateral (
              select
                greatest(b.uid_next, c.last_uid + 1, e.last_uid + 1) as uid_next,
                greatest(b.highest_modseq, c.last_modseq, e.last_modseq) as highest_modseq
            ) as due""";

    /** $1 account, $2 mailboxes. What is in no mailbox any more is not there. */
    static final Statement MAILBOXES = named("check.mailboxes", """
            select b.mailbox_id, b.name, b.messages, b.unseen, b.deleted, b.octets, b.uid_next, b.highest_modseq, b.recent_from,
              c.messages as counted_messages, c.unseen as counted_unseen, c.deleted as counted_deleted,
              c.octets as counted_octets, e.present, lacking.keywords as lacking_keywords,
              due.uid_next as least_uid_next, due.highest_modseq as least_modseq
            from mailbox b
            COUNTED
            where b.account_id = $1
              and b.mailbox_id = any ($2::bigint[])
            order by b.name
            """.replace("COUNTED", COUNTED));

    /** Behind the mailboxes' lock: counters and cursors as they were counted, cursors never back. $1 account, $2 mailboxes */
    static final Statement MEND_MAILBOXES = named("check.mendMailboxes", """
            update mailbox t
            set messages = c.messages,
              unseen = c.unseen,
              deleted = c.deleted,
              octets = c.octets,
              uid_next = due.uid_next,
              highest_modseq = due.highest_modseq,
              recent_from = least(t.recent_from, due.uid_next),
              keywords = t.keywords || lacking.keywords
            from mailbox b
            COUNTED
            where t.account_id = $1
              and t.mailbox_id = b.mailbox_id
              and b.account_id = $1
              and b.mailbox_id = any ($2::bigint[])
            """.replace("COUNTED", COUNTED));

    /** A client that asks what is gone would throw away what is there. $1 account, $2 mailboxes */
    static final Statement FORGET_EXPUNGED_PRESENT = named("check.forgetExpungedPresent", """
            delete from expunged x
            where x.account_id = $1
              and x.mailbox_id = any ($2::bigint[])
              and exists (
                select
                from message m
                where m.account_id = $1 and m.mailbox_id = x.mailbox_id and m.uid = x.uid)
            """);

    /**
     * The snapshots that OPEN uses, with what is below their uid_next now and what has gone since. $1 account, $2 mailboxes
     */
    static final Statement SNAPSHOTS = named("check.snapshots", """
            select b.mailbox_id, b.name, s.uids, s.modseq > b.highest_modseq or s.uid_next > b.uid_next as ahead,
              here.words, here.bits, gone.words as gone_words, gone.bits as gone_bits
            from mailbox b
            join uid_snapshot s on s.account_id = b.account_id and s.mailbox_id = b.mailbox_id
            cross join lateral (
              select array_agg(word order by word) as words, array_agg(bits order by word) as bits
              from (
                select m.uid >> 6 as word, bit_or(1::bigint << (m.uid & 63)::integer) as bits
                from message m
                where m.account_id = b.account_id and m.mailbox_id = b.mailbox_id and m.uid < s.uid_next
                group by m.uid >> 6
              ) as w
            ) as here
            cross join lateral (
              select array_agg(word order by word) as words, array_agg(bits order by word) as bits
              from (
                select x.uid >> 6 as word, bit_or(1::bigint << (x.uid & 63)::integer) as bits
                from expunged x
                where x.account_id = b.account_id and x.mailbox_id = b.mailbox_id and x.modseq > s.modseq
                group by x.uid >> 6
              ) as w
            ) as gone
            where b.account_id = $1
              and b.mailbox_id = any ($2::bigint[])
              and b.expunged_pruned_modseq <= s.modseq
            order by b.name
            """);

    static final Statement FORGET_SNAPSHOTS = named("check.forgetSnapshots", """
            delete from uid_snapshot s
            where s.account_id = $1
              and s.mailbox_id = any ($2::bigint[])
            """);

    /** Rows of mailboxes that are not there. $1 account */
    static final Statement WITHOUT_MAILBOX = named("check.withoutMailbox", """
            select o.mailbox_id, sum(o.messages)::bigint as messages, sum(o.notes)::bigint as notes
            from (
              select m.mailbox_id, count(*) as messages, 0 as notes
              from message m
              where m.account_id = $1
              group by m.mailbox_id
              union all
              select x.mailbox_id, 0, count(*)
              from expunged x
              where x.account_id = $1
              group by x.mailbox_id
              union all
              select s.mailbox_id, 0, count(*)
              from uid_snapshot s
              where s.account_id = $1
              group by s.mailbox_id
            ) as o
            where not exists (
              select
              from mailbox b
              where b.account_id = $1 and b.mailbox_id = o.mailbox_id)
            group by o.mailbox_id
            order by o.mailbox_id
            """);

    /**
     * A mailbox for messages that have lost theirs, under their mailbox_id. $1 account, $2 mailbox, $3 its name; where another
     * has that name already, its UIDVALIDITY, which the account gives out once only, makes it one of its own.
     */
    static final Statement RECOVER_MAILBOX = named("check.recoverMailbox", """
            with validity as (
              update account
              set uid_validity = greatest(uid_validity, extract(epoch from now())::bigint) + 1
              where account_id = $1
              returning uid_validity
            )
            insert into mailbox (account_id, mailbox_id, name, uid_validity)
            select $1, $2,
              case
                when exists (select from mailbox b where b.account_id = $1 and b.name = $3::text)
                then $3::text || '-' || v.uid_validity
                else $3::text
              end,
              v.uid_validity
            from validity v
            where exists (
              select
              from message m
              where m.account_id = $1 and m.mailbox_id = $2)
            on conflict do nothing
            """);

    static final Statement FORGET_EXPUNGED = named("check.forgetExpunged", """
            delete from expunged x
            where x.account_id = $1
              and x.mailbox_id = any ($2::bigint[])
            """);

    /** Where a page of contents ends. $1 account, $2 behind which, $3 how many */
    static final Statement PAGE = named("check.page", """
            select max(p.content_id) as last, count(*) as contents
            from (
              select c.content_id
              from content c
              where c.account_id = $1 and c.content_id > $2
              order by c.content_id
              limit $3
            ) as p
            """);

    /**
     * What does not fit together of contents from $2 (exclusive) to $3 of account $1: content, chunks, messages and search text,
     * each one row of the same list and put together by sorting. A join would be guessed at by the planner, and there is no
     * index of messages by content.
     *
     * <p>All chunks of a content but the last have the length of the first, and their numbers have no gap.
     */
    static final Statement CONTENTS = named("check.contents", """
            select *
            from (
              select k.content_id,
                count(*) filter (where kind = 'content') > 0 as is_there,
                max(size) filter (where kind = 'content') as size,
                coalesce(sum(octets), 0)::bigint as octets,
                count(*) filter (where kind = 'chunk') as chunks,
                coalesce(max(n) + 1 = count(n)
                  and sum(octets) filter (where kind = 'chunk')
                    = (count(n) - 1) * max(octets) filter (where n = 0) + (max(array[n, octets]) filter (where n is not null))[2]
                  and (max(array[n, octets]) filter (where n is not null))[2] <= max(octets) filter (where n = 0), true)
                  as unbroken,
                count(*) filter (where kind = 'message') as messages,
                min(size) filter (where kind = 'message') as smallest,
                max(size) filter (where kind = 'message') as largest,
                min(place) as place,
                count(*) filter (where kind = 'text') > 0 as has_text,
                count(*) filter (where kind = 'unreferenced') > 0 as is_unreferenced,
                count(*) filter (where kind = 'incoming') > 0 as is_incoming
              from (
                select c.content_id, 'content' as kind, c.size, octet_length(c.header)::bigint as octets, null::bigint as n,
                  null::bigint[] as place
                from content c
                where c.account_id = $1 and c.content_id > $2 and c.content_id <= $3
                union all
                select h.content_id, 'chunk', null, octet_length(h.octets), h.n, null
                from chunk h
                where h.account_id = $1 and h.content_id > $2 and h.content_id <= $3
                union all
                select m.content_id, 'message', m.size, null, null, array[m.mailbox_id, m.uid]
                from message m
                where m.account_id = $1 and m.content_id > $2 and m.content_id <= $3
                union all
                select t.content_id, 'text', null, null, null, null
                from search_text t
                where t.account_id = $1 and t.content_id > $2 and t.content_id <= $3
                union all
                select u.content_id, 'unreferenced', null, null, null, null
                from unreferenced u
                where u.account_id = $1 and u.content_id > $2 and u.content_id <= $3
                union all
                select i.content_id, 'incoming', null, null, null, null
                from incoming i
                where i.account_id = $1 and i.content_id > $2 and i.content_id <= $3
              ) as k
              group by k.content_id
            ) as x
            where case
                when is_there then
                  size <> octets or not unbroken or not has_text or messages = 0 and not is_unreferenced
                    or messages > 0 and (smallest <> size or largest <> size)
                when messages > 0 then true
                else not is_unreferenced and (has_text or chunks > 0 and not is_incoming)
              end
            order by content_id
            """);

    /** The sweeper looks again before it deletes any, days later. $1 account, $2 contents */
    static final Statement LEAVE_TO_SWEEPER = named("check.leaveToSweeper", """
            insert into unreferenced (account_id, content_id)
            select $1, w.content_id
            from unnest($2::bigint[]) as w (content_id)
            on conflict (account_id, content_id) do nothing
            """);

    /** $1 account, $2 contents whose octets are all there */
    static final Statement MEND_CONTENT_SIZES = named("check.mendContentSizes", """
            update content c
            set size = octet_length(c.header) + coalesce((
              select sum(octet_length(h.octets))
              from chunk h
              where h.account_id = $1 and h.content_id = c.content_id), 0)
            where c.account_id = $1
              and c.content_id = any ($2::bigint[])
            """);

    /** Behind the lock of all their mailboxes. $1 account, $2 contents */
    static final Statement MEND_MESSAGE_SIZES = named("check.mendMessageSizes", """
            update message m
            set size = c.size
            from content c
            where c.account_id = $1
              and c.content_id = any ($2::bigint[])
              and m.account_id = $1
              and m.content_id = c.content_id
              and m.size <> c.size
            """);

    /** $1 account, $2 content, $3 its header fields, $4 its text */
    static final Statement ADD_SEARCH_TEXT = named("check.addSearchText", """
            insert into search_text (account_id, content_id, header, body)
            select c.account_id, c.content_id, $3::text, $4::text
            from content c
            where c.account_id = $1
              and c.content_id = $2
            on conflict (account_id, content_id) do nothing
            """);

    /**
     * What a tenant is said to use, where that was not counted just now: a node counts every few seconds, so a difference that is
     * as old is none. $1 tenant, $2 how old, in seconds
     */
    static final Statement TENANT = named("check.tenant", """
            select u.octets, u.messages, u.mailboxes,
              counted.octets as counted_octets, counted.messages as counted_messages, counted.mailboxes as counted_mailboxes
            from tenant_usage u
            cross join (
              select coalesce(sum(m.octets), 0)::bigint as octets, coalesce(sum(m.messages), 0)::bigint as messages,
                count(m.mailbox_id) as mailboxes
              from account a
              join mailbox m on m.account_id = a.account_id
              where a.tenant_id = $1
            ) as counted
            where u.tenant_id = $1
              and u.counted_at not between now() - greatest(make_interval(secs => $2), u.took * 100) and now()
            """);

    private CheckQueries() {}
}
