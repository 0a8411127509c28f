package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;
import static io.postrider.store.postgres.Statement.page;

import io.postrider.store.Account;
import io.postrider.store.Directory.Domain;
import io.postrider.store.Directory.Login;
import io.postrider.store.Directory.Recipient;
import io.postrider.store.Refusal;
import io.vertx.sqlclient.Row;
import java.util.Optional;

/** SQL of the directory. */
final class DirectoryQueries {
    /** What {@link #account} reads of an account {@code a} and its tenant {@code t}. */
    static final String COLUMNS = """
            a.account_id, a.tenant_id, t.name as tenant, a.address,
              a.active and a.state = 'active' and t.state = 'active' as active, a.octet_limit,
              coalesce(least(nullif(a.message_size_limit, 0), nullif(t.message_size_limit, 0)), 0) as message_size_limit
            """;

    /** Deleted accounts, and those of deleted tenants, are there for administrators alone. */
    static final String NOT_DELETED = "a.state in ('active', 'suspended') and t.state in ('active', 'suspended')";

    /** Where the mail of account {@code a} of tenant {@code t} is kept, if not here. */
    static final String REFERRAL = "coalesce(a.referral, t.referral)";

    static final Statement LOGIN = named("directory.login", """
            select %s
            from account a
            join tenant t on t.tenant_id = a.tenant_id
            where a.address = $1
              and %s
            """.formatted(COLUMNS, NOT_DELETED));

    /**
     * $1: the addresses that will do, the best first; $2 octets to come.
     *
     * <p>It may wait for who counts the same account's or tenant's deliveries at that moment, for as long as one statement
     * takes.
     */
    static final Statement RECIPIENT = named("directory.recipient", """
            with found as (
              select %s, candidate.rank, a.delivery_limit, t.delivery_limit as tenant_delivery_limit,
                case
                  when not (a.active and a.state = 'active' and t.state = 'active') then 'SUSPENDED'
                  when %s is not null then 'MOVED'
                  when 'lmtp' <> all (a.protocols) or 'lmtp' <> all (t.protocols) then 'FORBIDDEN'
                  when a.message_size_limit between 1 and $2::bigint - 1
                    or t.message_size_limit between 1 and $2::bigint - 1 then 'TOO_BIG'
                  when a.octet_limit > 0 and a.octet_limit < used.octets + greatest(1, $2::bigint)
                    or a.message_limit > 0 and a.message_limit <= used.messages
                    or t.octet_limit > 0 and t.octet_limit < u.octets + greatest(1, $2::bigint)
                    or t.message_limit > 0 and t.message_limit <= u.messages then 'OVER_QUOTA'
                end as obstacle
              from unnest($1::text[]) with ordinality as candidate (address, rank)
              join address d on d.address = candidate.address
              join account a on a.account_id = d.account_id
              join tenant t on t.tenant_id = a.tenant_id
              left join tenant_usage u on u.tenant_id = t.tenant_id
              cross join lateral (
                select coalesce(sum(m.octets), 0)::bigint as octets, coalesce(sum(m.messages), 0)::bigint as messages
                from mailbox m
                where m.account_id = a.account_id
              ) as used
              where %s
              order by candidate.rank
              limit 1
            ), own_pace as (
              %s
              where f.obstacle is null
                and f.delivery_limit > 0
              %s
            ), tenant_pace as (
              %s
              where f.obstacle is null
                and f.tenant_delivery_limit > 0
                and (f.delivery_limit = 0 or exists (select from own_pace))
              %s
            )
            select f.*,
              case
                when f.obstacle is not null then f.obstacle
                when f.delivery_limit > 0 and not exists (select from own_pace)
                  or f.tenant_delivery_limit > 0 and not exists (select from tenant_pace) then 'TOO_FAST'
              end as refusal
            from found f
            """.formatted(
                    COLUMNS,
                    REFERRAL,
                    NOT_DELETED,
                    Pace.of("account.delivery", "f.account_id", "f.delivery_limit"),
                    Pace.GRANT,
                    Pace.of("tenant.delivery", "f.tenant_id", "f.tenant_delivery_limit"),
                    Pace.GRANT));

    static final Statement IS_LOCAL = named("directory.isLocal", """
            select exists (
              select
              from domain
              where name = $1
            ) as is_local
            """);

    /** The update changes nothing; it makes the row of a tenant that is there already be returned. */
    static final Statement ADD_DOMAIN = named("directory.addDomain", """
            with owner as (
              insert into tenant (name)
              values ($2)
              on conflict (name) do update set name = excluded.name
              returning tenant_id
            )
            insert into domain (name, tenant_id)
            select $1, tenant_id
            from owner
            on conflict (name) do nothing
            returning name
            """);

    static final Statement DOMAINS = named("directory.domains", """
            select d.name, t.name as tenant,
              (
                select count(*)
                from account a
                where a.domain = d.name
              ) as accounts
            from domain d
            join tenant t on t.tenant_id = d.tenant_id
            order by d.name
            """);

    /** The first of the addresses that no account can be made for; only domains of tenant $3 are known, unless it is 0. */
    static final Statement OBSTACLE = named("directory.obstacle", """
            select w.address, d.name is null as no_domain
            from unnest($1::text[], $2::text[]) with ordinality as w (address, domain, n)
            left join domain d on d.name = w.domain and ($3::bigint = 0 or d.tenant_id = $3)
            left join address taken on taken.address = w.address
            where d.name is null
              or taken.address is not null
            order by w.n
            limit 1
            """);

    /** $5 to $6: names and special uses of the mailboxes each account begins with. */
    static final Statement CREATE_ACCOUNTS = named("directory.createAccounts", """
            with wanted as (
              select *
              from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) with ordinality
                as w (address, domain, verifier, octet_limit, n)
            ), first_mailbox as (
              select *
              from unnest($5::text[], $6::text[]) with ordinality as f (name, special_use, k)
            ), made as (
              insert into account (tenant_id, domain, address, octet_limit, uid_validity)
              select d.tenant_id, w.domain, w.address, w.octet_limit,
                extract(epoch from now())::bigint + (select count(*) from first_mailbox)
              from wanted w
              join domain d on d.name = w.domain
              order by w.n
              returning account_id, tenant_id, address, active, octet_limit, uid_validity
            ), own_address as (
              insert into address (address, account_id)
              select address, account_id
              from made
            ), password as (
              insert into credential (account_id, verifier)
              select made.account_id, allowed_verifiers(w.verifier, t.argon2id, t.scram)
              from made
              join wanted w on w.address = made.address
              join tenant t on t.tenant_id = made.tenant_id
              where w.verifier is not null
            ), its_mailbox as (
              insert into mailbox (account_id, mailbox_id, name, special_use, uid_validity)
              select made.account_id, nextval('mailbox_id_seq'), f.name, f.special_use, made.uid_validity - f.k
              from made
              cross join first_mailbox f
              order by made.account_id, f.k
            ), its_subscription as (
              insert into subscription (account_id, name)
              select made.account_id, f.name
              from made
              cross join first_mailbox f
            )
            select made.account_id, made.tenant_id, t.name as tenant, made.address, made.active, made.octet_limit,
              t.message_size_limit
            from made
            join tenant t on t.tenant_id = made.tenant_id
            join wanted w on w.address = made.address
            order by w.n
            """);

    static final Statement SET_PASSWORD = named("directory.setPassword", """
            insert into credential (account_id, verifier)
            select a.account_id, allowed_verifiers($2, t.argon2id, t.scram)
            from account a
            join tenant t on t.tenant_id = a.tenant_id
            where a.address = $1
            on conflict (account_id, label) do update set verifier = excluded.verifier, created_at = now()
            returning account_id
            """);

    private static final String ACCOUNT_ROWS = """
            select %s
            from account a
            join tenant t on t.tenant_id = a.tenant_id
            """.formatted(COLUMNS);

    static final Statement ACCOUNTS = page("directory.accounts", ACCOUNT_ROWS, "a.address");

    static final Statement ACCOUNTS_OF_DOMAIN =
            page("directory.accountsOfDomain", ACCOUNT_ROWS, "a.address", "a.domain = $3");

    private DirectoryQueries() {}

    static Account account(Row row) {
        return new Account(
                row.getLong("account_id"),
                row.getLong("tenant_id"),
                row.getString("tenant"),
                row.getString("address"),
                row.getBoolean("active"),
                row.getLong("octet_limit"),
                row.getLong("message_size_limit"));
    }

    static Login login(Row row) {
        return new Login(account(row));
    }

    static Recipient recipient(Row row, String address, String detail) {
        return new Recipient(
                account(row),
                address,
                detail,
                Optional.ofNullable(row.getString("refusal")).map(Refusal.Kind::valueOf));
    }

    static Domain domain(Row row) {
        return new Domain(row.getString("name"), row.getString("tenant"), row.getLong("accounts"));
    }
}
