package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.AddressRecord;
import io.postrider.store.administration.Limit;
import io.vertx.sqlclient.Row;

/** SQL of administrators about accounts and addresses. */
final class AccountAdministrationQueries {
    private static final String COLUMNS =
            "a.account_id, a.tenant_id, t.name as tenant, a.domain, a.address, a.quota_administrator, a.created_at, "
                    + RulesColumns.select("a", Limit::isOfAccounts);

    /**
     * A page: behind address $1 and not before $2, what begins with it; $3 rows, of state $4 unless null. So a beginning is
     * a range of the index, and no condition on what lies outside.
     */
    private static final String PAGE = """
            select %s
            from account a
            join tenant t on t.tenant_id = a.tenant_id
            where a.address > $1
              and a.address >= $2
              and a.address < $2 || chr(1114111)
              and ($4::text is null or a.state = $4)
              OF
            order by a.address
            limit $3
            """.formatted(COLUMNS);

    static final Statement LIST = named("administration.accounts", PAGE.replace("OF", ""));

    static final Statement LIST_OF_TENANT =
            named("administration.accountsOfTenant", PAGE.replace("OF", "and a.tenant_id = $5"));

    static final Statement LIST_OF_DOMAIN =
            named("administration.accountsOfDomain", PAGE.replace("OF", "and a.domain = $5"));

    /** $1 says whose administrator asks, 0 is that of all. */
    static final Statement GET = named("administration.account", """
            select %s
            from account a
            join tenant t on t.tenant_id = a.tenant_id
            where ($1::bigint = 0 or a.tenant_id = $1)
              and a.address = $2
            """.formatted(COLUMNS));

    static final Statement LOCK = named("administration.lockAccount", GET.sql() + "for no key update of a\n");

    /** Account $1. The column "active" is for the release before. */
    static final Statement UPDATE = named(
            "administration.changeAccount", """
            update account a
            set quota_administrator = $2, active = $3 = 'active', %s
            from tenant t
            where a.account_id = $1
              and t.tenant_id = a.tenant_id
            returning %s
            """.formatted(RulesColumns.set("a", 3, Limit::isOfAccounts), COLUMNS));

    private static final String ADDRESS_COLUMNS =
            "x.address, a.address as account, x.address = a.address as own, a.tenant_id, a.account_id";

    static final Statement ADDRESSES_OF_ACCOUNT =
            named("administration.addressesOfAccount", """
            select %s
            from account a
            join address x on x.account_id = a.account_id
            where a.account_id = $1
              and x.address > $2
            order by x.address
            limit $3
            """.formatted(ADDRESS_COLUMNS));

    static final Statement ADDRESSES_OF_DOMAIN =
            named("administration.addressesOfDomain", """
            select %s
            from address x
            join account a on a.account_id = x.account_id
            where split_part(x.address, '@', -1) = $1
              and x.address > $2
            order by x.address
            limit $3
            """.formatted(ADDRESS_COLUMNS));

    /** $1 says whose administrator asks, 0 is that of all. */
    static final Statement ADDRESS = named("administration.address", """
            select %s
            from address x
            join account a on a.account_id = x.account_id
            where ($1::bigint = 0 or a.tenant_id = $1)
              and x.address = $2
            """.formatted(ADDRESS_COLUMNS));

    static final Statement PUT_ADDRESS = named("administration.putAddress", """
            insert into address (address, account_id)
            values ($1, $2)
            on conflict (address) do update set account_id = excluded.account_id
            """);

    static final Statement REMOVE_ADDRESS = named("administration.removeAddress", """
            delete from address
            where address = $1
            """);

    private AccountAdministrationQueries() {}

    static AccountRecord account(Row row) {
        return new AccountRecord(
                row.getLong("account_id"),
                row.getLong("tenant_id"),
                row.getString("tenant"),
                row.getString("domain"),
                row.getString("address"),
                RulesColumns.of(row, Limit::isOfAccounts),
                row.getBoolean("quota_administrator"),
                row.getOffsetDateTime("created_at").toInstant());
    }

    static AddressRecord address(Row row) {
        return new AddressRecord(row.getString("address"), row.getString("account"), row.getBoolean("own"));
    }
}
