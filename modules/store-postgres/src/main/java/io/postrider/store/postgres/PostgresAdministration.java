package io.postrider.store.postgres;

import io.postrider.store.Contents;
import io.postrider.store.Mailboxes;
import io.postrider.store.administration.Administration;

/** What administrators do, in SQL: wires its parts. */
final class PostgresAdministration implements Administration {
    private final TenantAdministration tenants;
    private final AccountAdministration accounts;
    private final AccessAdministration access;
    private final QuotaAdministration quotas;
    private final CheckAdministration checks;

    PostgresAdministration(Database database, Mailboxes mailboxes, Contents contents) {
        tenants = new TenantAdministration(database);
        accounts = new AccountAdministration(database, tenants, mailboxes);
        access = new AccessAdministration(database, tenants, accounts);
        quotas = new QuotaAdministration(database, mailboxes);
        checks = new CheckAdministration(database, tenants, accounts, mailboxes, contents);
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

    @Override
    public Quotas quotas() {
        return quotas;
    }

    @Override
    public Checks checks() {
        return checks;
    }
}
