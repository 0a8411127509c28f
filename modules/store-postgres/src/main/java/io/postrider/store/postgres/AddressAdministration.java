package io.postrider.store.postgres;

import io.postrider.store.Refusal;
import io.postrider.store.Refusal.Kind;
import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.AddressRecord;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Page;
import io.postrider.store.administration.Put;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** What administrators do to addresses, in SQL. An address and its account are always of one tenant. */
class AddressAdministration {
    final Database database;
    private final TenantAdministration tenants;

    AddressAdministration(Database database, TenantAdministration tenants) {
        this.database = database;
        this.tenants = tenants;
    }

    public Future<AccountRecord> get(Administrator by, String address) {
        return database.execute(
                        AccountAdministrationQueries.GET,
                        Tuple.of(by.tenantId(), Names.address(address).orElse("")))
                .map(Rows.first(AccountAdministrationQueries::account))
                .map(found -> found.orElseThrow(() -> noAccount(address)));
    }

    public Future<Page<AddressRecord>> addresses(
            Administrator by, Optional<String> account, Optional<String> domain, Page.From from) {
        Future<RowSet<Row>> rows = account.isPresent()
                ? get(by, account.get())
                        .compose(owner -> database.executeApart(
                                Database.NO_ACCOUNT,
                                AccountAdministrationQueries.ADDRESSES_OF_ACCOUNT,
                                Tuple.of(from.after(), from.rows(), owner.accountId())))
                : tenants.domain(by, domain.orElseThrow())
                        .compose(of -> database.executeApart(
                                Database.NO_ACCOUNT,
                                AccountAdministrationQueries.ADDRESSES_OF_DOMAIN,
                                Tuple.of(from.after(), from.rows(), of.name())));
        return rows.map(Rows.each(AccountAdministrationQueries::address))
                .map(list -> from.of(list, AddressRecord::address));
    }

    public Future<AddressRecord> address(Administrator by, String address) {
        return database.execute(
                        AccountAdministrationQueries.ADDRESS,
                        Tuple.of(by.tenantId(), spelling(address).orElse("")))
                .map(Rows.first(AccountAdministrationQueries::address))
                .map(found -> found.orElseThrow(() -> noAddress(address)));
    }

    public Future<Put<AddressRecord>> putAddress(Administrator by, String address, String account) {
        Optional<String> name = spelling(address);
        if (name.isEmpty()) {
            return Future.failedFuture(new Refusal(Kind.CANNOT, "Not an address: " + address));
        }
        return database.transaction(Database.NO_ACCOUNT, "administration.putAddress", tx -> tx.execute(
                        AccountAdministrationQueries.LOCK,
                        Tuple.of(by.tenantId(), Names.address(account).orElse("")))
                .map(Rows.first(AccountAdministrationQueries::account))
                .map(found -> found.orElseThrow(() -> noAccount(account)))
                .compose(owner -> tx.execute(
                                TenantAdministrationQueries.DOMAIN,
                                Tuple.of(owner.tenantId(), Names.domainOf(name.get())))
                        .compose(domain -> domain.size() == 0
                                ? Future.failedFuture(TenantAdministration.noDomain(Names.domainOf(name.get())))
                                : put(tx, by, name.get(), owner))));
    }

    private static Future<Put<AddressRecord>> put(
            Transaction tx, Administrator by, String address, AccountRecord owner) {
        AddressRecord after = new AddressRecord(address, owner.address(), false);
        return tx.execute(AccountAdministrationQueries.ADDRESS, Tuple.of(0L, address))
                .map(Rows.first(AccountAdministrationQueries::address))
                .compose(before -> {
                    if (before.filter(AddressRecord::own).isPresent()) {
                        throw ownAddress(address);
                    }
                    return tx.execute(AccountAdministrationQueries.PUT_ADDRESS, Tuple.of(address, owner.accountId()))
                            .compose(v -> Audit.write(
                                    tx,
                                    by,
                                    owner.tenantId(),
                                    before.isPresent() ? "address.change" : "address.create",
                                    address,
                                    before.map(AddressRecord::toJson).orElse(null),
                                    after.toJson()))
                            .map(new Put<>(after, before.isEmpty()));
                });
    }

    public Future<Void> removeAddress(Administrator by, String address) {
        return database.transaction(Database.NO_ACCOUNT, "administration.removeAddress", tx -> tx.execute(
                        AccountAdministrationQueries.ADDRESS,
                        Tuple.of(by.tenantId(), spelling(address).orElse("")))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        throw noAddress(address);
                    }
                    AddressRecord before = AccountAdministrationQueries.address(Rows.only(rows));
                    if (before.own()) {
                        throw ownAddress(before.address());
                    }
                    return tx.execute(AccountAdministrationQueries.REMOVE_ADDRESS, Tuple.of(before.address()))
                            .compose(v -> Audit.write(
                                    tx,
                                    by,
                                    Rows.only(rows).getLong("tenant_id"),
                                    "address.remove",
                                    before.address(),
                                    before.toJson(),
                                    null));
                }));
    }

    /** "@example.com" is the catch-all. */
    private static Optional<String> spelling(String address) {
        return address.startsWith("@")
                ? Names.domain(address.substring(1)).map(domain -> "@" + domain)
                : Names.address(address);
    }

    static Refusal noAccount(String address) {
        return new Refusal(Kind.NONEXISTENT, "No such account: " + address);
    }

    private static Refusal noAddress(String address) {
        return new Refusal(Kind.NONEXISTENT, "No such address: " + address);
    }

    private static Refusal ownAddress(String address) {
        return new Refusal(Kind.CANNOT, "It is an account's own address: " + address);
    }
}
