package io.postrider.store.postgres;

import io.postrider.store.Credentials;
import io.postrider.store.Directory;
import io.postrider.store.Mailbox;
import io.postrider.store.Mailboxes;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.Refusal;
import io.postrider.store.Refusal.Kind;
import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Limit;
import io.postrider.store.administration.Page;
import io.postrider.store.administration.Put;
import io.postrider.store.administration.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** What administrators do to accounts, in SQL; {@link AddressAdministration} has their addresses. */
final class AccountAdministration extends AddressAdministration implements Administration.Accounts {
    private final TenantAdministration tenants;
    private final Mailboxes mailboxes;

    AccountAdministration(Database database, TenantAdministration tenants, Mailboxes mailboxes) {
        super(database, tenants);
        this.tenants = tenants;
        this.mailboxes = mailboxes;
    }

    @Override
    public Future<Page<AccountRecord>> list(Administrator by, Filter filter, Page.From from) {
        Tuple arguments = Tuple.of(
                from.after(),
                from.rows(),
                filter.prefix(),
                filter.state().map(State::text).orElse(null));
        Future<RowSet<Row>> rows;
        if (filter.domain().isPresent()) {
            rows = tenants.domain(by, filter.domain().get())
                    .compose(domain -> filter.tenant()
                                    .map(name -> name.equals(domain.tenant()))
                                    .orElse(true)
                            ? page(AccountAdministrationQueries.LIST_OF_DOMAIN, arguments.addString(domain.name()))
                            : Future.failedFuture(TenantAdministration.noDomain(domain.name())));
        } else if (filter.tenant().isPresent()) {
            rows = tenants.get(by, filter.tenant().get())
                    .compose(tenant ->
                            page(AccountAdministrationQueries.LIST_OF_TENANT, arguments.addLong(tenant.tenantId())));
        } else if (by.isOfAll()) {
            rows = page(AccountAdministrationQueries.LIST, arguments);
        } else {
            rows = page(AccountAdministrationQueries.LIST_OF_TENANT, arguments.addLong(by.tenantId()));
        }
        return rows.map(Rows.each(AccountAdministrationQueries::account))
                .map(list -> from.of(list, AccountRecord::address));
    }

    private Future<RowSet<Row>> page(Statement statement, Tuple arguments) {
        return database.executeApart(Database.NO_ACCOUNT, statement, arguments);
    }

    @Override
    public Future<Put<AccountRecord>> put(Administrator by, String address, Change change) {
        Optional<String> name = Names.address(address);
        if (name.isEmpty()) {
            return Future.failedFuture(new Refusal(Kind.CANNOT, "Not an address: " + address));
        }
        return database.transaction(Database.NO_ACCOUNT, "administration.putAccount", tx -> lock(tx, by, name.get())
                        .compose(found -> found.isPresent()
                                ? change(tx, by, found.get(), change)
                                : create(tx, by, name.get(), change)))
                .recover(PostgresDirectory::refusal);
    }

    static Future<Optional<AccountRecord>> lock(Transaction tx, Administrator by, String address) {
        return tx.execute(AccountAdministrationQueries.LOCK, Tuple.of(by.tenantId(), address))
                .map(Rows.first(AccountAdministrationQueries::account));
    }

    private static Future<Put<AccountRecord>> create(Transaction tx, Administrator by, String address, Change change) {
        Directory.NewAccount wanted =
                new Directory.NewAccount(address, change.verifier().orElse(null), 0);
        return NewAccounts.of(List.of(wanted))
                .make(tx, by.tenantId())
                .compose(made -> lock(tx, by, address))
                .compose(made -> update(tx, made.orElseThrow(), change))
                .compose(made -> Audit.write(tx, by, made.tenantId(), "account.create", address, null, made.toJson())
                        .map(new Put<>(made, true)));
    }

    static Future<Put<AccountRecord>> change(Transaction tx, Administrator by, AccountRecord before, Change change) {
        if (before.rules().state() == State.REMOVING) {
            throw new Refusal(Kind.CANNOT, "The account is being removed: " + before.address());
        }
        Future<Void> password = change.verifier().isEmpty()
                ? Future.succeededFuture()
                : setPassword(tx, by, before, change.verifier().get());
        return password.compose(v -> update(tx, before, change)).compose(after -> Audit.write(
                        tx, by, after.tenantId(), "account.change", after.address(), before.toJson(), after.toJson())
                .compose(v -> Audit.tell(tx, News.account(after.accountId())))
                .map(new Put<>(after, false)));
    }

    private static Future<AccountRecord> update(Transaction tx, AccountRecord before, Change change) {
        boolean quotaAdministrator = change.quotaAdministrator().orElse(before.quotaAdministrator());
        Tuple arguments = RulesColumns.addTo(
                Tuple.of(before.accountId(), quotaAdministrator),
                before.rules().with(change.rules()),
                Limit::isOfAccounts);
        return tx.execute(AccountAdministrationQueries.UPDATE, arguments)
                .map(rows -> AccountAdministrationQueries.account(Rows.only(rows)));
    }

    @Override
    public Future<Void> create(Administrator by, List<Directory.NewAccount> accounts) {
        if (accounts.isEmpty()) {
            return Future.succeededFuture();
        }
        return TenantAdministration.checked(() -> {
            NewAccounts wanted = NewAccounts.of(accounts);
            return database.transaction(Database.NO_ACCOUNT, "administration.createAccounts", tx -> wanted.make(
                                    tx, by.tenantId())
                            .compose(made -> tx.execute(
                                    Audit.WRITE_MANY,
                                    Tuple.tuple()
                                            .addArrayOfLong(made.stream()
                                                    .map(account -> account.tenantId())
                                                    .toArray(Long[]::new))
                                            .addString(by.name())
                                            .addString(by.origin())
                                            .addString("account.create")
                                            .addArrayOfString(made.stream()
                                                    .map(account -> account.address())
                                                    .toArray(String[]::new))
                                            .addValue(made.stream()
                                                    .map(account -> new JsonObject()
                                                            .put("address", account.address())
                                                            .put("tenant", account.tenant())
                                                            .put(
                                                                    "limits",
                                                                    new JsonObject()
                                                                            .put("octets", account.octetLimit())))
                                                    .toArray(Object[]::new)))))
                    .recover(PostgresDirectory::refusal)
                    .mapEmpty();
        });
    }

    @Override
    public Future<Usage> usage(Administrator by, String address) {
        return get(by, address).compose(account -> mailboxes.usage(account.accountId()));
    }

    @Override
    public Future<List<Mailbox>> mailboxes(Administrator by, String address) {
        return get(by, address).compose(account -> mailboxes.list(account.accountId()));
    }

    @Override
    public Future<Void> setPassword(Administrator by, String address, String verifier) {
        return change(
                        by,
                        address,
                        "administration.setPassword",
                        (tx, account) -> setPassword(tx, by, account, verifier))
                .recover(PostgresDirectory::refusal);
    }

    private static Future<Void> setPassword(Transaction tx, Administrator by, AccountRecord account, String verifier) {
        return tx.execute(DirectoryQueries.SET_PASSWORD, Tuple.of(account.address(), verifier))
                .compose(v ->
                        Audit.write(tx, by, account.tenantId(), "account.password", account.address(), null, null));
    }

    @Override
    public Future<Void> addAppPassword(
            Administrator by,
            String address,
            String label,
            String verifier,
            Set<String> protocols,
            Optional<Instant> expiresAt) {
        if (!PostgresCredentials.isLabel(label)) {
            return Future.failedFuture(new Refusal(Kind.CANNOT, PostgresCredentials.NO_LABEL));
        }
        return change(by, address, "administration.addAppPassword", (tx, account) -> tx.execute(
                                CredentialQueries.ADD_APP_PASSWORD,
                                Tuple.of(
                                        account.address(),
                                        label,
                                        verifier,
                                        protocols.isEmpty() ? null : protocols.toArray(String[]::new),
                                        expiresAt
                                                .map(at -> at.atOffset(ZoneOffset.UTC))
                                                .orElse(null),
                                        Credentials.MAX_APP_PASSWORDS))
                        .compose(rows -> {
                            if (!Rows.only(rows).getBoolean("added")) {
                                throw new Refusal(
                                        Kind.LIMIT,
                                        "An account has at most " + Credentials.MAX_APP_PASSWORDS
                                                + " app passwords; revoke one first");
                            }
                            JsonObject after = new JsonObject()
                                    .put("label", label)
                                    .put(
                                            "protocols",
                                            protocols.isEmpty() ? null : new JsonArray(List.copyOf(protocols)))
                                    .put(
                                            "expiresAt",
                                            expiresAt.map(Instant::toString).orElse(null));
                            return Audit.write(
                                    tx, by, account.tenantId(), "appPassword.create", account.address(), null, after);
                        }))
                .recover(failure -> Failures.isUniqueViolation(failure)
                        ? Future.failedFuture(new Refusal(
                                Kind.ALREADY_EXISTS, "There is an app password of that label already: " + label))
                        : Future.failedFuture(failure));
    }

    @Override
    public Future<Void> revokeAppPassword(Administrator by, String address, String label) {
        return change(by, address, "administration.revokeAppPassword", (tx, account) -> tx.execute(
                        CredentialQueries.REVOKE_APP_PASSWORD, Tuple.of(account.address(), label))
                .compose(gone -> {
                    if (gone.size() == 0) {
                        throw new Refusal(Kind.NONEXISTENT, address + " has no app password of that label: " + label);
                    }
                    JsonObject before = new JsonObject().put("label", label);
                    return Audit.write(
                            tx, by, account.tenantId(), "appPassword.revoke", account.address(), before, null);
                }));
    }

    private Future<Void> change(
            Administrator by, String address, String name, BiFunction<Transaction, AccountRecord, Future<Void>> work) {
        return database.transaction(Database.NO_ACCOUNT, name, tx -> lock(
                        tx, by, Names.address(address).orElse(""))
                .compose(found -> work.apply(tx, found.orElseThrow(() -> noAccount(address)))));
    }
}
