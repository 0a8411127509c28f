package io.postrider.store.postgres;

import io.postrider.store.Account;
import io.postrider.store.Directory;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Tenants, domains, accounts and their credentials, in SQL. Every address is brought to its one spelling first. */
final class PostgresDirectory implements Directory {
    /** Accounts of one page. */
    static final int MAX_PAGE = 10_000;

    private static final char DETAIL_SEPARATOR = '+';
    private final Database database;

    PostgresDirectory(Database database) {
        this.database = database;
    }

    @Override
    public Future<Optional<Login>> login(String name) {
        Optional<String> address = Names.address(name);
        if (address.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return database.execute(DirectoryQueries.LOGIN, Tuple.of(address.get()))
                .map(Rows.first(DirectoryQueries::login))
                .onSuccess(login -> login.ifPresent(found -> database.tenants().seen(found.account())));
    }

    @Override
    public Future<Optional<Recipient>> recipient(String address, long octets) {
        return Names.address(address)
                .map(name -> recipientOf(name, octets))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private Future<Optional<Recipient>> recipientOf(String address, long octets) {
        int at = address.lastIndexOf('@');
        int plus = address.indexOf(DETAIL_SEPARATOR);
        boolean hasDetail = plus > 0 && plus < at;
        String domain = address.substring(at);
        // In the order of their claim: the whole address, then the one before the detail (RFC 5233 §4), then the
        // catch-all.
        String[] candidates = hasDetail
                ? new String[] {address, address.substring(0, plus) + domain, domain}
                : new String[] {address, domain};
        return database.execute(
                        DirectoryQueries.RECIPIENT,
                        Tuple.tuple().addArrayOfString(candidates).addLong(octets))
                .map(Rows.first(row -> {
                    boolean byDetail = hasDetail && row.getLong("rank") == 2;
                    return DirectoryQueries.recipient(row, address, byDetail ? address.substring(plus + 1, at) : "");
                }))
                .onSuccess(recipient ->
                        recipient.ifPresent(found -> database.tenants().seen(found.account())));
    }

    @Override
    public Future<Boolean> isLocal(String domain) {
        return Names.domain(domain)
                .map(name -> database.execute(DirectoryQueries.IS_LOCAL, Tuple.of(name))
                        .map(rows -> Rows.only(rows).getBoolean("is_local")))
                .orElseGet(() -> Future.succeededFuture(false));
    }

    @Override
    public Future<Void> addDomain(String domain, String tenant) {
        Optional<String> name = Names.domain(domain);
        if (name.isEmpty() || tenant.isBlank() || tenant.chars().anyMatch(Character::isISOControl)) {
            return refuse(Refusal.Kind.CANNOT, "No domain can be named '" + domain + "' of tenant '" + tenant + "'");
        }
        return database.executeApart(Database.NO_ACCOUNT, DirectoryQueries.ADD_DOMAIN, Tuple.of(name.get(), tenant))
                .compose(added -> added.size() == 1
                        ? Future.succeededFuture()
                        : refuse(Refusal.Kind.ALREADY_EXISTS, "The domain " + name.get() + " is there already"));
    }

    @Override
    public Future<List<Domain>> domains() {
        return database.executeApart(Database.NO_ACCOUNT, DirectoryQueries.DOMAINS, Tuple.tuple())
                .map(Rows.each(DirectoryQueries::domain));
    }

    @Override
    public Future<List<Account>> createAccounts(List<NewAccount> accounts) {
        if (accounts.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        NewAccounts wanted;
        try {
            wanted = NewAccounts.of(accounts);
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
        return database.transaction(Database.NO_ACCOUNT, "directory.createAccounts", tx -> wanted.make(tx, 0))
                .recover(PostgresDirectory::refusal);
    }

    /** Two may ask for the same address at once; and what a tenant forbids is left out, and then nothing was left. */
    static <T> Future<T> refusal(Throwable failure) {
        if (Failures.isUniqueViolation(failure)) {
            return refuse(Refusal.Kind.ALREADY_EXISTS, "One of the addresses has just been given to another account");
        }
        return Failures.isNullViolation(failure)
                ? refuse(Refusal.Kind.CANNOT, "The tenant does not allow passwords to be kept in that form")
                : Future.failedFuture(failure);
    }

    @Override
    public Future<Void> setPassword(String address, String verifier) {
        Optional<String> name = Names.address(address);
        if (name.isEmpty()) {
            return refuse(Refusal.Kind.NONEXISTENT, "No such account: " + address);
        }
        return database.executeApart(Database.NO_ACCOUNT, DirectoryQueries.SET_PASSWORD, Tuple.of(name.get(), verifier))
                .recover(PostgresDirectory::refusal)
                .compose(set -> set.size() == 1
                        ? Future.succeededFuture()
                        : refuse(Refusal.Kind.NONEXISTENT, "No such account: " + address));
    }

    @Override
    public Future<List<Account>> accounts(String domain, String after, int limit) {
        int rows = Math.min(limit, MAX_PAGE);
        Future<RowSet<Row>> page = domain.isEmpty()
                ? database.execute(DirectoryQueries.ACCOUNTS, Tuple.of(after, rows))
                : Names.domain(domain)
                        .map(name -> database.execute(DirectoryQueries.ACCOUNTS_OF_DOMAIN, Tuple.of(after, rows, name)))
                        .orElseGet(() -> refuse(Refusal.Kind.NONEXISTENT, "No such domain here: " + domain));
        return page.map(Rows.each(DirectoryQueries::account));
    }

    private static <T> Future<T> refuse(Refusal.Kind kind, String message) {
        return Future.failedFuture(new Refusal(kind, message));
    }
}
