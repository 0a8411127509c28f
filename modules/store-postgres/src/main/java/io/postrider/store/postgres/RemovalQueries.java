package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

import java.util.List;
import java.util.stream.Collectors;

/** SQL that removes, in batches, what deleted accounts and tenants have left, once their grace period is over. */
final class RemovalQueries {
    private static final List<String> TABLES = List.of(
            "message",
            "expunged",
            "uid_snapshot",
            "search_text",
            "chunk",
            "content",
            "incoming",
            "unreferenced",
            "subscription",
            "mailbox");

    /** From here there is no way back: accounts that were deleted $1 seconds ago, and all of tenants that were. */
    static final Statement BEGIN = named("removal.begin", """
            with gone_tenant as (
              update tenant
              set state = 'removing'
              where state = 'deleted'
                and state_since <= now() - make_interval(secs => $1)
            ), due as (
              select account_id
              from account
              where state = 'deleted'
                and state_since <= now() - make_interval(secs => $1)
              union
              select a.account_id
              from tenant t
              join account a on a.tenant_id = t.tenant_id
              where (t.state = 'removing'
                  or t.state = 'deleted' and t.state_since <= now() - make_interval(secs => $1))
                and a.state <> 'removing'
              limit $2
            )
            update account a
            set state = 'removing', active = false, state_since = now()
            from due
            where a.account_id = due.account_id
            """);

    static final Statement ACCOUNTS = named("removal.accounts", """
            select account_id
            from account
            where state = 'removing'
            order by state_since, account_id
            limit $1
            """);

    /** Each takes up to $2 rows of account $1 away; the next only when nothing is left for the one before. */
    static final List<Statement> STEPS =
            TABLES.stream().map(RemovalQueries::step).toList();

    static final Statement ACCOUNT = named("removal.account", """
            with gone_credential as (
              delete from credential
              where account_id = $1
            ), gone_address as (
              delete from address
              where account_id = $1
            ), gone_lock as (
              delete from maildrop_lock
              where account_id = $1
            )
            delete from account
            where account_id = $1
              and state = 'removing'
            """);

    /** Whether nothing is left of account $1 in the mail tables. */
    static final Statement IS_EMPTY = named("removal.isEmpty", """
            select not (%s) as is_empty
            """.formatted(TABLES.stream()
            .map("exists (select from %s where account_id = $1)"::formatted)
            .collect(Collectors.joining("\n  or "))));

    /** Domains and tenants that nobody is left of. Keys and counts go with the tenant; what was audited stays. */
    static final Statement TENANTS = named("removal.tenants", """
            with due as (
              select t.tenant_id
              from tenant t
              where t.state = 'removing'
                and not exists (select from account a where a.tenant_id = t.tenant_id)
            ), gone_domain as (
              delete from domain d
              using due
              where d.tenant_id = due.tenant_id
            )
            delete from tenant t
            using due
            where t.tenant_id = due.tenant_id
            """);

    private RemovalQueries() {}

    private static Statement step(String table) {
        return named("removal." + table, """
            with gone as (
              delete from %1$s x
              where x.account_id = $1
                and x.ctid = any (array(
                  select y.ctid
                  from %1$s y
                  where y.account_id = $1
                  limit $2))
              returning 1
            )
            select count(*) as looked_at
            from gone
            """.formatted(table));
    }
}
