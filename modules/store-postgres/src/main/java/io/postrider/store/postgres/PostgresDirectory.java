package io.postrider.store.postgres;

import io.postrider.store.Account;
import io.postrider.store.Directory;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Tenants, domains, accounts and their credentials, in SQL. */
final class PostgresDirectory implements Directory {
    PostgresDirectory(Database database) {}

    @Override
    public Future<Optional<Login>> login(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Optional<Recipient>> recipient(String address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Boolean> isLocal(String domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> addDomain(String domain, String tenant) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<Domain>> domains() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<Account>> createAccounts(List<NewAccount> accounts) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> setPassword(String address, String verifier) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<Account>> accounts(String domain, String after, int limit) {
        throw new UnsupportedOperationException();
    }
}
