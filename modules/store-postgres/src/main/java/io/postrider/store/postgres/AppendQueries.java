package io.postrider.store.postgres;

/** Messages into a mailbox, and their content with them. */
final class AppendQueries {
    private AppendQueries() {}

    /** The mailbox that is meant: $2, or when that is 0 the one named $3, or INBOX when there is none by that name. */
    private static final String MAILBOX = """
            case
                  when $2::bigint <> 0 then $2
                  else coalesce(
                    (select mailbox_id from mailbox where account_id = $1 and name = $3::text and selectable),
                    (select mailbox_id from mailbox where account_id = $1 and name = 'INBOX'))
                end""";

    /** The keywords of $10 that the mailbox has not yet. */
    private static final String NEW_KEYWORDS = """
            array(
                  select k
                  from unnest($10::text[]) with ordinality as u (k, n)
                  where lower(k) not in (select lower(known) from unnest(b.keywords) as known)
                  order by n)""";

    /** $4 messages of $8 octets are more than account {@code a} or its tenant may have; in mailbox {@code b}. */
    private static final String OVER_QUOTA = """
            a.octet_limit > 0 and a.octet_limit < $8::bigint + b.octets + coalesce((
                    select sum(o.octets) from mailbox o where o.account_id = $1 and o.mailbox_id <> b.mailbox_id), 0)
                  or a.message_limit > 0 and a.message_limit < $4::bigint + b.messages + coalesce((
                    select sum(o.messages) from mailbox o where o.account_id = $1 and o.mailbox_id <> b.mailbox_id), 0)
                  or t.octet_limit > 0 and t.octet_limit < $8::bigint + u.octets
                  or t.message_limit > 0 and t.message_limit < $4::bigint + u.messages""";

    /** One of the messages, whose sizes are $14, is larger than account {@code a} or its tenant takes. */
    private static final String TOO_BIG = """
            least(nullif(a.message_size_limit, 0), nullif(t.message_size_limit, 0)) < any ($14::bigint[])""";

    /**
     * All writes of a batch in one statement and one transaction. Nothing at all happens, and no row comes back, when the
     * mailbox is gone or a bound is reached; {@link #WHY_NOT} then tells.
     *
     * <p>It needs no lock taken before: all it knows of the mailbox it reads from the row it updates, which PostgreSQL
     * reads again once it has waited for another writer. Only what the account's other mailboxes hold may be a moment old,
     * so writers to several mailboxes at once can overshoot a quota by what they write at that moment; and what a tenant keeps
     * was counted some seconds ago.
     *
     * <p>$1 to $3 the mailbox; $4 messages, $5 writes (each gets a MODSEQ of its own), $6 without \Seen, $7 with \Deleted,
     * $8 octets, $9 how many keywords a mailbox may have, $10 keywords of them all; $11 contents whose chunks are there
     * already, on whose {@code incoming} rows all depends: one that was swept took its chunks with it.
     *
     * <p>Then arrays, one element a message: $12 content, $13 which write it belongs to, from 1, $14 size, $15 flags, $16
     * keywords, separated by spaces, null for none, $17 internal date, null for now; $18 header, $19 envelope, $20
     * bodystructure, $21 body, $22 structure, $23 base subject, $24 whether that is a reply's, $25 to $29 sort keys, $30
     * and $31 Date, $32 Message-ID, $33 references, $34 message ids of its relatives (both separated by spaces), $35 the
     * content whose thread it joins when none of these is known yet, $36 preview; $37 and $38 search text; $39 its first
     * chunk, null when there is none to write; $40 the content whose chunks it gets a copy of, or 0.
     */
    static final Statement APPEND = Statement.named("messages.append", """
            with held as (
              select content_id
              from incoming
              where account_id = $1 and content_id = any ($11::bigint[])
              for update
            ),
            box as (
              update mailbox b
              set uid_next = b.uid_next + $4::bigint,
                highest_modseq = b.highest_modseq + $5::bigint,
                messages = b.messages + $4::bigint,
                unseen = b.unseen + $6::bigint,
                deleted = b.deleted + $7::bigint,
                octets = b.octets + $8::bigint,
                keywords = b.keywords || NEW_KEYWORDS
              where b.account_id = $1
                and b.mailbox_id = MAILBOX
                and b.selectable
                and (select count(*) from held) = cardinality($11::bigint[])
                and not exists (
                  select 1
                  from unnest($40::bigint[]) as k (original_id)
                  where k.original_id <> 0 and not exists (
                    select 1
                    from chunk
                    where account_id = $1 and content_id = k.original_id and n = 0))
                and (cardinality($10::text[]) = 0
                  or cardinality(NEW_KEYWORDS) = 0
                  or cardinality(b.keywords) + cardinality(NEW_KEYWORDS) <= $9::integer)
                and not exists (
                  select
                  from account a
                  join tenant t on t.tenant_id = a.tenant_id
                  left join tenant_usage u on u.tenant_id = a.tenant_id
                  where a.account_id = $1 and (OVER_QUOTA or TOO_BIG))
              returning b.mailbox_id, b.uid_validity, b.uid_next - $4::bigint as first_uid,
                b.highest_modseq - $5::bigint as modseq_before, b.keywords
            ),
            message_rows as (
              insert into message
                (account_id, mailbox_id, uid, modseq, flags, keywords, internal_date, save_date, size, content_id)
              select $1, box.mailbox_id, box.first_uid + m.n - 1, box.modseq_before + m.write, m.flags,
                case
                  when m.keywords is not null then array(
                    select k
                    from unnest(box.keywords) with ordinality as u (k, n)
                    where lower(k) = any (string_to_array(lower(m.keywords), ' '))
                    order by n)
                end,
                coalesce(m.internal_date, now()), now(), m.size, m.content_id
              from box
              cross join unnest(
                $12::bigint[], $13::integer[], $14::bigint[], $15::smallint[], $16::text[], $17::timestamptz[])
                with ordinality as m (content_id, write, size, flags, keywords, internal_date, n)
            ),
            content_rows as (
              insert into content
                (account_id, content_id, size, header, envelope, bodystructure, body, structure, base_subject,
                subject_is_reply, sort_from, sort_to, sort_cc, display_from, display_to, sent_at, sent_on, message_id,
                reference_ids, thread_id, preview)
              select $1, c.content_id, c.size, c.header, c.envelope, c.bodystructure, c.body, c.structure, c.base_subject,
                c.subject_is_reply, c.sort_from, c.sort_to, c.sort_cc, c.display_from, c.display_to, c.sent_at, c.sent_on,
                c.message_id, string_to_array(c.reference_ids, ' '),
                coalesce((
                  select min(r.thread_id)
                  from unnest(string_to_array(c.relatives, ' ')) as relative (message_id)
                  cross join lateral (
                    select thread_id
                    from content
                    where account_id = $1 and message_id = relative.message_id and message_id <> ''
                    order by content_id
                    limit 1) as r), c.thread_id),
                c.preview
              from box
              cross join unnest(
                $12::bigint[], $14::bigint[], $18::bytea[], $19::bytea[], $20::bytea[], $21::bytea[], $22::bytea[],
                $23::text[], $24::boolean[], $25::text[], $26::text[], $27::text[], $28::text[], $29::text[],
                $30::bigint[], $31::date[], $32::text[], $33::text[], $34::text[], $35::bigint[], $36::text[])
                as c (content_id, size, header, envelope, bodystructure, body, structure, base_subject, subject_is_reply,
                  sort_from, sort_to, sort_cc, display_from, display_to, sent_at, sent_on, message_id, reference_ids,
                  relatives, thread_id, preview)
            ),
            search_text_rows as (
              insert into search_text (account_id, content_id, header, body)
              select $1, s.content_id, s.header, s.body
              from box
              cross join unnest($12::bigint[], $37::text[], $38::text[]) as s (content_id, header, body)
            ),
            chunk_rows as (
              insert into chunk (account_id, content_id, n, octets)
              select $1, k.content_id, 0, k.octets
              from box
              cross join unnest($12::bigint[], $39::bytea[]) as k (content_id, octets)
              where k.octets is not null
              union all
              select $1, k.content_id, original.n, original.octets
              from box
              cross join unnest($12::bigint[], $40::bigint[]) as k (content_id, original_id)
              join chunk original
                on original.account_id = $1 and original.content_id = k.original_id
              where k.original_id <> 0
            ),
            arrived as (
              delete from incoming i
              using box
              where i.account_id = $1 and i.content_id = any ($11::bigint[])
            )
            select mailbox_id, uid_validity, first_uid, modseq_before
            from box
            """.replace("MAILBOX", MAILBOX)
            .replace("NEW_KEYWORDS", NEW_KEYWORDS)
            .replace("OVER_QUOTA", OVER_QUOTA)
            .replace("TOO_BIG", TOO_BIG));

    /**
     * Why APPEND did nothing. $1 to $3 the mailbox, $4 octets, $5 how many keywords a mailbox may have, $6 keywords, $7
     * contents whose chunks should be there, $8 others whose chunks were to be copied, $9 messages, $10 their sizes. No row
     * when there is no mailbox.
     */
    static final Statement WHY_NOT = Statement.named("messages.whyNot", """
            select
              (select count(*) from incoming where account_id = $1 and content_id = any ($7::bigint[]))
                < cardinality($7::bigint[])
              or exists (
                select 1
                from unnest($8::bigint[]) as k (original_id)
                where not exists (
                  select 1
                  from chunk
                  where account_id = $1 and content_id = k.original_id and n = 0)) as swept,
              cardinality(b.keywords || NEW_KEYWORDS) > greatest(cardinality(b.keywords), $5::integer)
                as too_many_keywords,
              coalesce(OVER_QUOTA, false) as over_quota,
              coalesce(TOO_BIG, false) as too_big
            from mailbox b
            left join account a on a.account_id = $1
            left join tenant t on t.tenant_id = a.tenant_id
            left join tenant_usage u on u.tenant_id = a.tenant_id
            where b.account_id = $1
              and b.mailbox_id = MAILBOX
              and b.selectable
            """.replace("MAILBOX", MAILBOX)
            .replace("NEW_KEYWORDS", NEW_KEYWORDS.replace("$10", "$6"))
            .replace("OVER_QUOTA", OVER_QUOTA.replace("$4", "$9").replace("$8", "$4"))
            .replace("TOO_BIG", TOO_BIG.replace("$14", "$10")));
}
