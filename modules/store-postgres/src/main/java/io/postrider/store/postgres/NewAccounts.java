package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

import io.postrider.store.Account;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.Mailboxes;
import io.postrider.store.Refusal;
import io.postrider.store.SpecialUse;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Accounts to be made, all or none, each with INBOX and the usual mailboxes, within what their tenants may have. */
final class NewAccounts {
    /** Accounts that are made at once at most. */
    static final int MAX = 10_000;

    /** All but INBOX are named as most clients name theirs. */
    private static final List<SpecialUse> FIRST_MAILBOXES =
            List.of(SpecialUse.SENT, SpecialUse.DRAFTS, SpecialUse.TRASH, SpecialUse.JUNK, SpecialUse.ARCHIVE);

    /** The tenants of domains $1; who makes accounts at the same time waits, so that none has more than it may. */
    static final Statement LOCK_TENANTS = named("newAccounts.lockTenants", """
            select t.tenant_id, t.name, t.state
            from tenant t
            where t.tenant_id in (select d.tenant_id from domain d where d.name = any ($1::text[]))
            order by t.tenant_id
            for no key update of t
            """);

    /** A tenant among $1 that now has more than it may. */
    static final Statement TOO_MANY = named("newAccounts.tooMany", """
            select t.name, t.account_limit
            from tenant t
            where t.tenant_id = any ($1::bigint[])
              and t.account_limit > 0
              and t.account_limit < (select count(*) from account a where a.tenant_id = t.tenant_id)
            limit 1
            """);

    private final List<NewAccount> accounts;
    private final String[] addresses;

    private NewAccounts(List<NewAccount> accounts, String[] addresses) {
        this.accounts = accounts;
        this.addresses = addresses;
    }

    /** Fails with LIMIT, CANNOT or ALREADY_EXISTS. */
    static NewAccounts of(List<NewAccount> accounts) {
        if (accounts.size() > MAX) {
            throw new Refusal(Refusal.Kind.LIMIT, "At most " + MAX + " accounts at once");
        }
        String[] addresses = new String[accounts.size()];
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < addresses.length; i++) {
            String wanted = accounts.get(i).address();
            Optional<String> address = Names.address(wanted);
            if (address.isEmpty()) {
                throw new Refusal(Refusal.Kind.CANNOT, "Not an address: " + wanted);
            }
            if (!seen.add(address.get())) {
                throw new Refusal(Refusal.Kind.ALREADY_EXISTS, "Named twice: " + address.get());
            }
            addresses[i] = address.get();
        }
        return new NewAccounts(accounts, addresses);
    }

    /** @param tenantId only in domains of this one; 0 for all */
    Future<List<Account>> make(Transaction tx, long tenantId) {
        String[] domains = new String[addresses.length];
        String[] verifiers = new String[addresses.length];
        Long[] limits = new Long[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            domains[i] = Names.domainOf(addresses[i]);
            verifiers[i] = accounts.get(i).verifier();
            limits[i] = accounts.get(i).octetLimit();
        }
        Tuple arguments = Tuple.of(addresses, domains, verifiers, limits, firstNames(), firstUses());
        return tx.execute(LOCK_TENANTS, Tuple.tuple().addArrayOfString(domains))
                .compose(tenants -> tx.execute(
                                DirectoryQueries.OBSTACLE,
                                Tuple.tuple()
                                        .addArrayOfString(addresses)
                                        .addArrayOfString(domains)
                                        .addLong(tenantId))
                        .compose(NewAccounts::refuseObstacle)
                        .compose(v -> refuseRemoved(tenants)))
                .compose(v -> tx.execute(DirectoryQueries.CREATE_ACCOUNTS, arguments))
                .map(Rows.each(DirectoryQueries::account))
                .compose(made -> tx.execute(
                                TOO_MANY,
                                Tuple.tuple()
                                        .addArrayOfLong(made.stream()
                                                .map(Account::tenantId)
                                                .distinct()
                                                .toArray(Long[]::new)))
                        .compose(NewAccounts::refuseTooMany)
                        .map(made));
    }

    private static Future<Void> refuseObstacle(RowSet<Row> found) {
        if (found.size() == 0) {
            return Future.succeededFuture();
        }
        Row obstacle = Rows.only(found);
        String address = obstacle.getString("address");
        throw obstacle.getBoolean("no_domain")
                ? new Refusal(Refusal.Kind.NONEXISTENT, "No such domain here: " + address)
                : new Refusal(Refusal.Kind.ALREADY_EXISTS, "The address is taken: " + address);
    }

    private static Future<Void> refuseRemoved(RowSet<Row> tenants) {
        for (Row tenant : tenants) {
            if (!Set.of("active", "suspended").contains(tenant.getString("state"))) {
                throw new Refusal(Refusal.Kind.CANNOT, "The tenant is deleted: " + tenant.getString("name"));
            }
        }
        return Future.succeededFuture();
    }

    private static Future<Void> refuseTooMany(RowSet<Row> found) {
        if (found.size() == 0) {
            return Future.succeededFuture();
        }
        Row tenant = Rows.only(found);
        throw new Refusal(
                Refusal.Kind.LIMIT,
                "The tenant " + tenant.getString("name") + " may have " + tenant.getLong("account_limit")
                        + " accounts at most");
    }

    private static String[] firstNames() {
        List<String> names = new ArrayList<>(List.of(Mailboxes.INBOX));
        FIRST_MAILBOXES.forEach(
                use -> names.add(use.name().charAt(0) + use.name().substring(1).toLowerCase(Locale.ROOT)));
        return names.toArray(String[]::new);
    }

    private static String[] firstUses() {
        List<String> uses = new ArrayList<>();
        uses.add(null);
        FIRST_MAILBOXES.forEach(use -> uses.add(use.name()));
        return uses.toArray(String[]::new);
    }
}
