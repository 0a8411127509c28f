package io.postrider.store.postgres;

import io.postrider.store.Refusal;
import io.postrider.store.Refusal.Kind;
import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administration.PasswordKinds;
import io.postrider.store.administration.Administration.TenantCount;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Domain;
import io.postrider.store.administration.Page;
import io.postrider.store.administration.Put;
import io.postrider.store.administration.Rules;
import io.postrider.store.administration.State;
import io.postrider.store.administration.Tenant;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Supplier;

/** What administrators do to tenants and domains, in SQL. */
final class TenantAdministration implements Administration.Tenants {
    static final int MAX_NAME = 100;

    private final Database database;

    TenantAdministration(Database database) {
        this.database = database;
    }

    @Override
    public Future<Page<Tenant>> list(Administrator by, Optional<State> state, Page.From from) {
        return database.execute(
                        TenantAdministrationQueries.LIST,
                        Tuple.of(
                                from.after(),
                                from.rows(),
                                by.tenantId(),
                                state.map(State::text).orElse(null)))
                .map(Rows.each(TenantAdministrationQueries::tenant))
                .map(rows -> from.of(rows, Tenant::name));
    }

    @Override
    public Future<Tenant> get(Administrator by, String name) {
        return database.execute(TenantAdministrationQueries.GET, Tuple.of(by.tenantId(), name))
                .map(Rows.first(TenantAdministrationQueries::tenant))
                .map(found -> found.orElseThrow(() -> noTenant(name)));
    }

    @Override
    public Future<Put<Tenant>> put(Administrator by, String name, Rules.Change change) {
        return checked(() -> {
            Audit.requireOfAll(by);
            if (!isName(name)) {
                throw new Refusal(
                        Kind.CANNOT,
                        "A tenant's name has from 1 to " + MAX_NAME
                                + " characters, none of them a control character or \"/\"");
            }
            return database.transaction(Database.NO_ACCOUNT, "administration.putTenant", tx -> tx.execute(
                            TenantAdministrationQueries.INSERT, Tuple.of(name))
                    .compose(made -> tx.execute(TenantAdministrationQueries.LOCK, Tuple.of(0L, name))
                            .map(Rows.first(TenantAdministrationQueries::tenant))
                            .map(Optional::orElseThrow)
                            .compose(before -> change(tx, by, before, change, made.size() == 1))));
        });
    }

    private static Future<Put<Tenant>> change(
            Transaction tx, Administrator by, Tenant before, Rules.Change change, boolean created) {
        if (before.rules().state() == State.REMOVING) {
            throw new Refusal(Kind.CANNOT, "The tenant is being removed: " + before.name());
        }
        Tuple arguments =
                RulesColumns.addTo(Tuple.of(before.tenantId()), before.rules().with(change), limit -> true);
        return tx.execute(TenantAdministrationQueries.UPDATE, arguments)
                .map(rows -> TenantAdministrationQueries.tenant(Rows.only(rows)))
                .compose(after -> tx.execute(TenantUsage.COUNT_LIMITED, Tuple.of(after.tenantId()))
                        .compose(v -> Audit.write(
                                tx,
                                by,
                                after.tenantId(),
                                created ? "tenant.create" : "tenant.change",
                                after.name(),
                                created ? null : before.toJson(),
                                after.toJson()))
                        .compose(v -> Audit.tell(tx, News.tenant(after.tenantId())))
                        .map(new Put<>(after, created)));
    }

    @Override
    public Future<TenantCount> usage(Administrator by, String name) {
        return get(by, name)
                .compose(tenant -> database.executeApart(
                        Database.NO_ACCOUNT,
                        TenantAdministrationQueries.USAGE,
                        Tuple.of(PostgresSessions.lease(), tenant.tenantId())))
                .map(rows -> TenantAdministrationQueries.usage(Rows.only(rows)));
    }

    @Override
    public Future<PasswordKinds> passwordKinds(Administrator by, String name) {
        return database.execute(TenantAdministrationQueries.PASSWORD_KINDS, Tuple.of(by.tenantId(), name))
                .map(Rows.first(TenantAdministrationQueries::passwordKinds))
                .map(found -> found.orElseThrow(() -> noTenant(name)));
    }

    @Override
    public Future<Void> allow(Administrator by, String name, PasswordKinds kinds) {
        if (!kinds.argon2id() && !kinds.scram()) {
            return Future.failedFuture(new Refusal(Kind.CANNOT, "A tenant must allow Argon2id or SCRAM"));
        }
        return database.transaction(Database.NO_ACCOUNT, "administration.allow", tx -> tx.execute(
                        TenantAdministrationQueries.LOCK_PASSWORD_KINDS, Tuple.of(by.tenantId(), name))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        throw noTenant(name);
                    }
                    Row tenant = Rows.only(rows);
                    return tx.execute(
                                    CredentialQueries.ALLOW_VERIFIERS,
                                    Tuple.of(tenant.getString("name"), kinds.argon2id(), kinds.scram()))
                            .compose(v -> Audit.write(
                                    tx,
                                    by,
                                    tenant.getLong("tenant_id"),
                                    "tenant.passwords",
                                    tenant.getString("name"),
                                    TenantAdministrationQueries.passwordKinds(tenant)
                                            .toJson(),
                                    kinds.toJson()));
                }));
    }

    @Override
    public Future<Page<Domain>> domains(Administrator by, Optional<String> tenant, Page.From from) {
        Future<RowSet<Row>> rows;
        if (tenant.isPresent()) {
            rows = get(by, tenant.get()).compose(found -> domainsOf(found.tenantId(), from));
        } else if (by.isOfAll()) {
            rows = database.executeApart(
                    Database.NO_ACCOUNT, TenantAdministrationQueries.DOMAINS, Tuple.of(from.after(), from.rows()));
        } else {
            rows = domainsOf(by.tenantId(), from);
        }
        return rows.map(Rows.each(TenantAdministrationQueries::domain)).map(list -> from.of(list, Domain::name));
    }

    private Future<RowSet<Row>> domainsOf(long tenantId, Page.From from) {
        return database.executeApart(
                Database.NO_ACCOUNT,
                TenantAdministrationQueries.DOMAINS_OF_TENANT,
                Tuple.of(from.after(), from.rows(), tenantId));
    }

    @Override
    public Future<Domain> domain(Administrator by, String name) {
        return database.execute(
                        TenantAdministrationQueries.DOMAIN,
                        Tuple.of(by.tenantId(), Names.domain(name).orElse("")))
                .map(Rows.first(TenantAdministrationQueries::domain))
                .map(found -> found.orElseThrow(() -> noDomain(name)));
    }

    @Override
    public Future<Put<Domain>> putDomain(Administrator by, String name, String tenant) {
        return checked(() -> {
            Audit.requireOfAll(by);
            String spelled = Names.domain(name)
                    .orElseThrow(() -> new Refusal(Kind.CANNOT, "No domain can be named '" + name + "'"));
            return database.transaction(Database.NO_ACCOUNT, "administration.putDomain", tx -> tx.execute(
                            TenantAdministrationQueries.LOCK, Tuple.of(0L, tenant))
                    .map(Rows.first(TenantAdministrationQueries::tenant))
                    .compose(owner -> putDomain(tx, by, spelled, owner.orElseThrow(() -> noTenant(tenant)))));
        });
    }

    private static Future<Put<Domain>> putDomain(Transaction tx, Administrator by, String name, Tenant owner) {
        if (owner.rules().state() == State.REMOVING) {
            throw new Refusal(Kind.CANNOT, "The tenant is being removed: " + owner.name());
        }
        return tx.execute(TenantAdministrationQueries.ADD_DOMAIN, Tuple.of(name, owner.tenantId()))
                .compose(added -> tx.execute(TenantAdministrationQueries.DOMAIN, Tuple.of(0L, name))
                        .map(rows -> TenantAdministrationQueries.domain(Rows.only(rows)))
                        .compose(domain -> {
                            if (domain.tenantId() != owner.tenantId()) {
                                throw new Refusal(
                                        Kind.ALREADY_EXISTS,
                                        "The domain " + name + " is there already, of another tenant");
                            }
                            Put<Domain> put = new Put<>(domain, added.rowCount() == 1);
                            return put.created()
                                    ? Audit.write(
                                                    tx,
                                                    by,
                                                    owner.tenantId(),
                                                    "domain.create",
                                                    name,
                                                    null,
                                                    domain.toJson())
                                            .map(put)
                                    : Future.succeededFuture(put);
                        }));
    }

    @Override
    public Future<Void> removeDomain(Administrator by, String name) {
        return checked(() -> {
            Audit.requireOfAll(by);
            return database.transaction(Database.NO_ACCOUNT, "administration.removeDomain", tx -> tx.execute(
                            TenantAdministrationQueries.DOMAIN,
                            Tuple.of(0L, Names.domain(name).orElse("")))
                    .map(Rows.first(TenantAdministrationQueries::domain))
                    .map(found -> found.orElseThrow(() -> noDomain(name)))
                    .compose(domain -> tx.execute(TenantAdministrationQueries.REMOVE_DOMAIN, Tuple.of(domain.name()))
                            .compose(gone -> {
                                if (gone.rowCount() == 0) {
                                    throw new Refusal(
                                            Kind.HAS_CHILDREN,
                                            "There are accounts or addresses in the domain " + domain.name());
                                }
                                return Audit.write(
                                        tx,
                                        by,
                                        domain.tenantId(),
                                        "domain.remove",
                                        domain.name(),
                                        domain.toJson(),
                                        null);
                            })));
        });
    }

    static Refusal noTenant(String name) {
        return new Refusal(Kind.NONEXISTENT, "No such tenant: " + name);
    }

    static Refusal noDomain(String name) {
        return new Refusal(Kind.NONEXISTENT, "No such domain here: " + name);
    }

    static <T> Future<T> checked(Supplier<Future<T>> work) {
        try {
            return work.get();
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private static boolean isName(String name) {
        return !name.isBlank()
                && name.length() <= MAX_NAME
                && name.strip().equals(name)
                && name.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || c == '/'
                                || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
