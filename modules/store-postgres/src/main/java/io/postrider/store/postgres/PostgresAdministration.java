package io.postrider.store.postgres;

import io.postrider.store.Mailboxes;
import io.postrider.store.administration.Administration;

/** What administrators do, in SQL: wires its parts. */
final class PostgresAdministration implements Administration {
    private final TenantAdministration tenants;
    private final AccountAdministration accounts;
    private final AccessAdministration access;

    PostgresAdministration(Database database, Mailboxes mailboxes) {
        tenants = new TenantAdministration(database);
        accounts = new AccountAdministration(database, tenants, mailboxes);
        access = new AccessAdministration(database, tenants, accounts);
    }

    @Override
    public Tenants tenants() {
        return tenants;
    }

    @Override
    public Accounts accounts() {
        return accounts;
    }

    @Override
    public Access access() {
        return access;
    }
}
