package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;
import static io.postrider.store.postgres.Statement.page;

import io.postrider.store.administration.Administration.PasswordKinds;
import io.postrider.store.administration.Administration.TenantCount;
import io.postrider.store.administration.Domain;
import io.postrider.store.administration.Tenant;
import io.vertx.sqlclient.Row;

/** SQL of administrators about tenants and domains. Where $1 says whose administrator asks, 0 is that of all. */
final class TenantAdministrationQueries {
    private static final String COLUMNS =
            "t.tenant_id, t.name, t.created_at, " + RulesColumns.select("t", limit -> true);

    /** By name; $3 says whose administrator asks, and $4 the state unless null. */
    static final Statement LIST = page(
            "administration.tenants",
            """
            select %s
            from tenant t
            """.formatted(COLUMNS),
            "t.name",
            "($3::bigint = 0 or t.tenant_id = $3)",
            "($4::text is null or t.state = $4)");

    static final Statement GET = named("administration.tenant", """
            select %s
            from tenant t
            where ($1::bigint = 0 or t.tenant_id = $1)
              and t.name = $2
            """.formatted(COLUMNS));

    static final Statement LOCK = named("administration.lockTenant", GET.sql() + "for no key update of t\n");

    /** $1 says whose administrator asks, 0 is that of all. */
    static final Statement PASSWORD_KINDS = named("administration.passwordKinds", """
            select t.tenant_id, t.name, t.argon2id, t.scram
            from tenant t
            where ($1::bigint = 0 or t.tenant_id = $1)
              and t.name = $2
            """);

    static final Statement LOCK_PASSWORD_KINDS =
            named("administration.lockPasswordKinds", PASSWORD_KINDS.sql() + "for no key update of t\n");

    /** Nothing happens to one that is there. */
    static final Statement INSERT = named("administration.newTenant", """
            insert into tenant (name)
            values ($1)
            on conflict (name) do nothing
            returning tenant_id
            """);

    /** Tenant $1. */
    static final Statement UPDATE =
            named("administration.changeTenant", """
            update tenant t
            set %s
            where t.tenant_id = $1
            returning %s
            """.formatted(RulesColumns.set("t", 2, limit -> true), COLUMNS));

    /** Of tenant $2; $1 is a node's lease. */
    static final Statement USAGE = named("administration.tenantUsage", """
            select
              (select count(*) from account a where a.tenant_id = $2) as accounts,
              (select count(*) from session s where s.tenant_id = $2 and s.ending is null and %s) as sessions,
              coalesce(sum(m.octets), 0)::bigint as octets,
              coalesce(sum(m.messages), 0)::bigint as messages,
              count(m.mailbox_id) as mailboxes
            from account a
            join mailbox m on m.account_id = a.account_id
            where a.tenant_id = $2
            """.formatted(SessionQueries.LIVES));

    private static final String DOMAIN_COLUMNS = """
            d.name, d.tenant_id, t.name as tenant, d.created_at,
              (
                select count(*)
                from account a
                where a.domain = d.name
              ) as accounts
            """;

    private static final String DOMAIN_ROWS = """
            select %s
            from domain d
            join tenant t on t.tenant_id = d.tenant_id
            """.formatted(DOMAIN_COLUMNS);

    static final Statement DOMAINS = page("administration.domains", DOMAIN_ROWS, "d.name");

    static final Statement DOMAINS_OF_TENANT =
            page("administration.domainsOfTenant", DOMAIN_ROWS, "d.name", "d.tenant_id = $3");

    static final Statement DOMAIN = named("administration.domain", DOMAIN_ROWS + """
            where ($1::bigint = 0 or d.tenant_id = $1)
              and d.name = $2
            """);

    /** $1 name, $2 tenant. */
    static final Statement ADD_DOMAIN = named("administration.newDomain", """
            insert into domain (name, tenant_id)
            values ($1, $2)
            on conflict (name) do nothing
            """);

    /** Domain $1, unless something is in it. */
    static final Statement REMOVE_DOMAIN = named("administration.removeDomain", """
            delete from domain d
            where d.name = $1
              and not exists (select from account a where a.domain = d.name)
              and not exists (select from address x where split_part(x.address, '@', -1) = d.name)
            """);

    private TenantAdministrationQueries() {}

    static Tenant tenant(Row row) {
        return new Tenant(
                row.getLong("tenant_id"),
                row.getString("name"),
                RulesColumns.of(row, limit -> true),
                row.getOffsetDateTime("created_at").toInstant());
    }

    static PasswordKinds passwordKinds(Row row) {
        return new PasswordKinds(row.getBoolean("argon2id"), row.getBoolean("scram"));
    }

    static Domain domain(Row row) {
        return new Domain(
                row.getString("name"),
                row.getLong("tenant_id"),
                row.getString("tenant"),
                row.getLong("accounts"),
                row.getOffsetDateTime("created_at").toInstant());
    }

    static TenantCount usage(Row row) {
        return new TenantCount(
                row.getLong("accounts"),
                row.getLong("octets"),
                row.getLong("messages"),
                row.getLong("mailboxes"),
                row.getLong("sessions"));
    }
}
