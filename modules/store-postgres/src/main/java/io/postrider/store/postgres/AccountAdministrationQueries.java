package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;
import static io.postrider.store.postgres.Statement.page;

import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.AddressRecord;
import io.postrider.store.administration.Limit;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/** SQL of administrators about accounts and addresses. */
final class AccountAdministrationQueries {
    private static final String COLUMNS =
            "a.account_id, a.tenant_id, t.name as tenant, a.domain, a.address, a.quota_administrator, a.created_at, "
                    + RulesColumns.select("a", Limit::isOfAccounts);

    private static final String ROWS = """
            select %s
            from account a
            join tenant t on t.tenant_id = a.tenant_id
            """.formatted(COLUMNS);

    static final Statement LIST = list("administration.accounts");

    static final Statement LIST_OF_TENANT = list("administration.accountsOfTenant", "a.tenant_id = $5");

    static final Statement LIST_OF_DOMAIN = list("administration.accountsOfDomain", "a.domain = $5");

    /** $1 says whose administrator asks, 0 is that of all. */
    static final Statement GET = named("administration.account", ROWS + """
            where ($1::bigint = 0 or a.tenant_id = $1)
              and a.address = $2
            """);

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

    private static final String ADDRESS_ROWS = """
            select %s
            from address x
            join account a on a.account_id = x.account_id
            """.formatted(ADDRESS_COLUMNS);

    static final Statement ADDRESSES_OF_ACCOUNT =
            page("administration.addressesOfAccount", ADDRESS_ROWS, "x.address", "a.account_id = $3");

    static final Statement ADDRESSES_OF_DOMAIN =
            page("administration.addressesOfDomain", ADDRESS_ROWS, "x.address", "split_part(x.address, '@', -1) = $3");

    /** $1 says whose administrator asks, 0 is that of all. */
    static final Statement ADDRESS = named("administration.address", ADDRESS_ROWS + """
            where ($1::bigint = 0 or a.tenant_id = $1)
              and x.address = $2
            """);

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

    /**
     * By address: not before $3, what begins with it, of state $4 unless null. So a beginning is a range of the index, and no
     * condition on what lies outside.
     */
    private static Statement list(String name, String... further) {
        List<String> conditions = new ArrayList<>(
                List.of("a.address >= $3", "a.address < $3 || chr(1114111)", "($4::text is null or a.state = $4)"));
        conditions.addAll(List.of(further));
        return page(name, ROWS, "a.address", conditions.toArray(String[]::new));
    }

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
