package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.SpecialUse;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;

/**
 * SQL of mailboxes. What gives names or takes them away first locks the account's row, so two such changes of one account
 * never meet halfway.
 */
final class MailboxQueries {
    /** What {@link #mailbox} reads of a mailbox {@code m}. */
    static final String COLUMNS = """
            m.account_id, m.mailbox_id, m.name, m.selectable, m.special_use, m.uid_validity, m.uid_next,
              m.highest_modseq, m.messages, m.unseen, m.deleted, m.octets, m.recent_from, m.keywords,
              exists (
                select
                from subscription s
                where s.account_id = m.account_id
                  and s.name = m.name
              ) as subscribed
            """;

    static final Statement LIST = named("mailboxes.list", """
            select %s
            from mailbox m
            where m.account_id = $1
            order by m.name <> 'INBOX', m.name
            """.formatted(COLUMNS));

    static final Statement FIND = named("mailboxes.find", """
            select %s
            from mailbox m
            where m.account_id = $1
              and m.name = $2
            """.formatted(COLUMNS));

    static final Statement GET = named("mailboxes.get", """
            select %s
            from mailbox m
            where m.account_id = $1
              and m.mailbox_id = $2
            """.formatted(COLUMNS));

    /**
     * Raises UIDNEXT to $4, and takes over the UIDVALIDITY $3 where no message has ever been. $1 account, $2 mailbox; no row when
     * it has UIDs of its own already. Further mailboxes of the account get higher UIDVALIDITYs all the same. RFC 3501 §2.3.1.1
     */
    static final Statement CONTINUE_UIDS = named("mailboxes.continueUids", """
            with noted as (
              update account
              set uid_validity = greatest(uid_validity, $3::bigint)
              where account_id = $1
                and uid_validity < $3::bigint
            )
            update mailbox
            set uid_validity = $3::bigint,
              uid_next = greatest(uid_next, $4::bigint),
              imported_uid_next = greatest(imported_uid_next, $4::bigint)
            where account_id = $1
              and mailbox_id = $2
              and selectable
              and (uid_next = 1 or uid_validity = $3::bigint)
            returning uid_next, imported_uid_next
            """);

    static final Statement LOCK_ACCOUNT = named("mailboxes.lockAccount", """
            select account_id
            from account
            where account_id = $1
            for no key update
            """);

    /**
     * Makes those of the mailboxes $2 that are not there, each with a UIDVALIDITY higher than any before in the account (RFC
     * 3501 §2.3.1.1), and the mailbox $3 among them out of a mere parent too: all new, but for its name.
     */
    static final Statement CREATE = named("mailboxes.create", """
            with lacking as (
              select w.name, row_number() over (order by w.n) as k
              from unnest($2::text[]) with ordinality as w (name, n)
              where not exists (
                select
                from mailbox m
                where m.account_id = $1
                  and m.name = w.name
                  and (m.selectable or m.name <> $3)
              )
            ), need as (
              select count(*) as lacking,
                (
                  select count(*)
                  from mailbox m
                  where m.account_id = $1
                ) as present
              from lacking
            ), bound as (
              select least($5::bigint, nullif(a.mailbox_limit, 0),
                case when t.mailbox_limit > 0 then t.mailbox_limit - u.mailboxes + need.present end) as mailboxes
              from need
              cross join account a
              join tenant t on t.tenant_id = a.tenant_id
              left join tenant_usage u on u.tenant_id = a.tenant_id
              where a.account_id = $1
            ), validity as (
              update account
              set uid_validity = greatest(uid_validity, extract(epoch from now())::bigint) + (select lacking from need)
              where account_id = $1
              returning uid_validity
            ), made as (
              insert into mailbox as m (account_id, mailbox_id, name, special_use, uid_validity)
              select $1, nextval('mailbox_id_seq'), l.name, case when l.name = $3 then $4::text end,
                v.uid_validity - need.lacking + l.k
              from lacking l
              cross join need
              cross join validity v
              cross join bound
              where need.present + need.lacking <= bound.mailboxes
              on conflict (account_id, name) do update
                set mailbox_id = excluded.mailbox_id, selectable = true, special_use = excluded.special_use,
                  uid_validity = excluded.uid_validity
              returning %s
            )
            select need.lacking, need.present, bound.mailboxes as bound, m.*
            from need
            cross join bound
            left join made m on m.account_id = $1 and m.name = $3
            """.formatted(COLUMNS));

    /** What stands in the way of the rename of $2 to $3, and what it lacks. */
    static final Statement RENAME_FACTS = named("mailboxes.renameFacts", """
            select
              bool_or(m.name = $2) as source_is_there,
              bool_or(m.name = $3) as target_is_there,
              max(octet_length(m.name)) filter (where moves) - octet_length($2) + octet_length($3) as longest,
              max(levels.n) filter (where moves) as deepest,
              max(m.mailbox_id) filter (where m.name = $2) as mailbox_id
            from mailbox m
            cross join lateral (select m.name = $2 or starts_with(m.name, $2 || '/') as moves) as which
            cross join lateral (select 1 + char_length(m.name) - char_length(replace(m.name, '/', '')) as n) as levels
            where m.account_id = $1
            """);

    static final Statement RENAME = named("mailboxes.rename", """
            update mailbox
            set name = $3 || substr(name, char_length($2) + 1)
            where account_id = $1
              and (name = $2 or starts_with(name, $2 || '/'))
            """);

    static final Statement LOCK_MAILBOX = named("mailboxes.lock", """
            select uid_next
            from mailbox
            where account_id = $1
              and mailbox_id = $2
            for update
            """);

    /** All messages of $2, with their UIDs, into the new and empty mailbox $3; $2 forgets them. Both are locked. */
    static final Statement MOVE_ALL = named("mailboxes.moveAll", """
            with source as (
              update mailbox
              set highest_modseq = highest_modseq + 1, messages = 0, unseen = 0, deleted = 0, octets = 0,
                recent_from = uid_next
              where account_id = $1
                and mailbox_id = $2
              returning highest_modseq, uid_next, keywords
            ), moved as (
              update message
              set mailbox_id = $3, modseq = 2, save_date = now()
              where account_id = $1
                and mailbox_id = $2
              returning uid, flags, size
            ), gone as (
              insert into expunged (account_id, mailbox_id, modseq, uid)
              select $1, $2, s.highest_modseq, moved.uid
              from moved
              cross join source s
            ), target as (
              update mailbox t
              set uid_next = s.uid_next, recent_from = s.uid_next, keywords = s.keywords, highest_modseq = 2,
                messages = sums.messages, unseen = sums.unseen, deleted = sums.deleted, octets = sums.octets
              from source s
              cross join (
                select count(*) as messages,
                  count(*) filter (where flags & 8 = 0) as unseen,
                  count(*) filter (where flags & 4 <> 0) as deleted,
                  coalesce(sum(size), 0)::bigint as octets
                from moved
              ) as sums
              where t.account_id = $1
                and t.mailbox_id = $3
            )
            select highest_modseq
            from source
            """);

    static final Statement LOCK_TO_DELETE = named("mailboxes.lockToDelete", """
            select m.mailbox_id, m.selectable,
              exists (
                select
                from mailbox below
                where below.account_id = m.account_id
                  and starts_with(below.name, m.name || '/')
              ) as has_children
            from mailbox m
            where m.account_id = $1
              and m.name = $2
            for update of m
            """);

    /** The mailbox with all its messages; their contents may now be without any. */
    static final Statement DELETE = named("mailboxes.delete", """
            with gone as (
              delete from mailbox
              where account_id = $1
                and mailbox_id = $2
            ), gone_message as (
              delete from message
              where account_id = $1
                and mailbox_id = $2
              returning content_id
            ), gone_expunged as (
              delete from expunged
              where account_id = $1
                and mailbox_id = $2
            ), gone_snapshot as (
              delete from uid_snapshot
              where account_id = $1
                and mailbox_id = $2
            )
            insert into unreferenced (account_id, content_id)
            select distinct $1::bigint, content_id
            from gone_message
            on conflict (account_id, content_id) do update set since = excluded.since
            """);

    /** Stands where a mailbox with mailboxes below it was deleted: another mailbox, of the same name. RFC 3501 §6.3.4 */
    static final Statement INSERT_MERE_PARENT = named("mailboxes.insertMereParent", """
            insert into mailbox (account_id, mailbox_id, name, selectable, uid_validity)
            values ($1, nextval('mailbox_id_seq'), $2, false, 0)
            """);

    static final Statement SUBSCRIBE = named("mailboxes.subscribe", """
            insert into subscription (account_id, name)
            select $1, $2
            where (
                select count(*)
                from subscription s
                where s.account_id = $1
              ) < $3
              or exists (
                select
                from subscription s
                where s.account_id = $1
                  and s.name = $2
              )
            on conflict (account_id, name) do update set name = excluded.name
            returning name
            """);

    static final Statement UNSUBSCRIBE = named("mailboxes.unsubscribe", """
            delete from subscription
            where account_id = $1
              and name = $2
            """);

    static final Statement SUBSCRIPTIONS = named("mailboxes.subscriptions", """
            select name
            from subscription
            where account_id = $1
            order by name <> 'INBOX', name
            """);

    /** Messages from a mailbox's recent_from on, where there are any. $1 account, $2 mailboxes. */
    static final Statement RECENT = named("mailboxes.recent", """
            select b.mailbox_id, recent.messages
            from mailbox b
            cross join lateral (
              select count(*) as messages
              from message m
              where m.account_id = $1
                and m.mailbox_id = b.mailbox_id
                and m.uid >= b.recent_from
            ) as recent
            where b.account_id = $1
              and b.mailbox_id = any ($2::bigint[])
              and b.recent_from < b.uid_next
              and recent.messages > 0
            """);

    /** $1 account, $2 mailboxes. */
    static final Statement DELETED_OCTETS = named("mailboxes.deletedOctets", """
            select mailbox_id, sum(size)::bigint as octets
            from message
            where account_id = $1
              and mailbox_id = any ($2::bigint[])
              and flags & 4 <> 0
            group by mailbox_id
            """);

    static final Statement USAGE = named("mailboxes.usage", """
            select a.octet_limit, a.message_limit, a.mailbox_limit,
              coalesce(least(nullif(a.message_size_limit, 0), nullif(t.message_size_limit, 0)), 0) as message_size_limit,
              coalesce(sum(m.octets), 0)::bigint as octets,
              coalesce(sum(m.messages), 0)::bigint as messages,
              count(m.mailbox_id) as mailboxes
            from account a
            join tenant t on t.tenant_id = a.tenant_id
            left join mailbox m on m.account_id = a.account_id
            where a.account_id = $1
            group by a.account_id, t.tenant_id
            """);

    private MailboxQueries() {}

    static Mailbox mailbox(Row row) {
        return new Mailbox(
                new MailboxKey(row.getLong("account_id"), row.getLong("mailbox_id")),
                row.getString("name"),
                row.getBoolean("selectable"),
                row.getBoolean("subscribed"),
                Optional.ofNullable(row.getString("special_use")).map(SpecialUse::valueOf),
                row.getLong("uid_validity"),
                row.getLong("uid_next"),
                row.getLong("highest_modseq"),
                row.getLong("messages"),
                row.getLong("unseen"),
                row.getLong("deleted"),
                row.getLong("octets"),
                row.getLong("recent_from"),
                List.of(row.getArrayOfStrings("keywords")));
    }

    static Usage usage(Row row) {
        return new Usage(
                row.getLong("octets"),
                row.getLong("messages"),
                row.getLong("mailboxes"),
                row.getLong("octet_limit"),
                row.getLong("message_limit"),
                row.getLong("mailbox_limit"),
                row.getLong("message_size_limit"));
    }
}
