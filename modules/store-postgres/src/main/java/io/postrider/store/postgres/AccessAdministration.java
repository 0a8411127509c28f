package io.postrider.store.postgres;

import io.postrider.store.Refusal;
import io.postrider.store.Refusal.Kind;
import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.AuditRecord;
import io.postrider.store.administration.Key;
import io.postrider.store.administration.Page;
import io.postrider.store.administration.SessionRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;

/** Keys, sessions and the audit, in SQL. */
final class AccessAdministration implements Administration.Access {
    static final String ENDED = "Ended by an administrator";

    private final Database database;
    private final TenantAdministration tenants;
    private final AddressAdministration accounts;

    AccessAdministration(Database database, TenantAdministration tenants, AddressAdministration accounts) {
        this.database = database;
        this.tenants = tenants;
        this.accounts = accounts;
    }

    @Override
    public Future<Optional<Key>> keyOf(byte[] digest) {
        return database.execute(AccessQueries.KEY_OF, Tuple.of(Buffer.buffer(digest)))
                .map(Rows.first(AccessQueries::key));
    }

    @Override
    public Future<Page<Key>> keys(Administrator by, Page.From from) {
        return database.execute(
                        AccessQueries.KEYS, Tuple.of(number(from.after()).orElse(0), from.rows(), by.tenantId()))
                .map(Rows.each(AccessQueries::key))
                .map(rows -> from.of(rows, key -> String.valueOf(key.keyId())));
    }

    @Override
    public Future<Key> addKey(
            Administrator by,
            Optional<String> tenant,
            String label,
            boolean readOnly,
            Optional<Instant> expiresAt,
            byte[] digest) {
        return TenantAdministration.checked(() -> {
            if (tenant.isEmpty()) {
                Audit.requireOfAll(by);
            }
            Future<Long> tenantId = tenant.isEmpty()
                    ? Future.succeededFuture()
                    : tenants.get(by, tenant.get()).map(found -> found.tenantId());
            return tenantId.compose(
                    id -> database.transaction(Database.NO_ACCOUNT, "administration.addKey", tx -> tx.execute(
                                    AccessQueries.ADD_KEY,
                                    Tuple.of(
                                            id,
                                            label,
                                            readOnly,
                                            expiresAt
                                                    .map(at -> at.atOffset(ZoneOffset.UTC))
                                                    .orElse(null),
                                            Buffer.buffer(digest)))
                            .map(rows -> AccessQueries.key(Rows.only(rows)))
                            .compose(key -> Audit.write(
                                            tx, by, key.tenantId(), "key.create", target(key), null, key.toJson())
                                    .map(key))));
        });
    }

    @Override
    public Future<Void> revokeKey(Administrator by, long keyId) {
        return database.transaction(Database.NO_ACCOUNT, "administration.revokeKey", tx -> tx.execute(
                        AccessQueries.REVOKE_KEY, Tuple.of(by.tenantId(), keyId))
                .map(Rows.first(AccessQueries::key))
                .map(found -> found.orElseThrow(() -> new Refusal(Kind.NONEXISTENT, "No such key: " + keyId)))
                .compose(key -> Audit.write(tx, by, key.tenantId(), "key.revoke", target(key), key.toJson(), null)));
    }

    private static String target(Key key) {
        return "key " + key.keyId();
    }

    @Override
    public Future<Page<SessionRecord>> sessions(
            Administrator by, Optional<String> tenant, Optional<String> account, Page.From from) {
        Tuple arguments =
                Tuple.of(PostgresSessions.lease(), number(from.after()).orElse(0), from.rows());
        Future<RowSet<Row>> rows;
        if (account.isPresent()) {
            rows = accounts.get(by, account.get())
                    .compose(found -> page(AccessQueries.SESSIONS_OF_ACCOUNT, arguments.addLong(found.accountId())));
        } else if (tenant.isPresent()) {
            rows = tenants.get(by, tenant.get())
                    .compose(found -> page(AccessQueries.SESSIONS_OF_TENANT, arguments.addLong(found.tenantId())));
        } else if (by.isOfAll()) {
            rows = page(AccessQueries.SESSIONS, arguments);
        } else {
            rows = page(AccessQueries.SESSIONS_OF_TENANT, arguments.addLong(by.tenantId()));
        }
        return rows.map(Rows.each(AccessQueries::session)).map(list -> from.of(list, SessionRecord::sessionId));
    }

    @Override
    public Future<Void> endSession(Administrator by, String sessionId) {
        return database.transaction(Database.NO_ACCOUNT, "administration.endSession", tx -> tx.execute(
                        AccessQueries.END_SESSION,
                        Tuple.of(by.tenantId(), number(sessionId).orElse(0), ENDED))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        throw new Refusal(Kind.NONEXISTENT, "No such session: " + sessionId);
                    }
                    Row row = Rows.only(rows);
                    JsonObject before = new JsonObject()
                            .put("id", sessionId)
                            .put("protocol", row.getString("protocol"))
                            .put("clientAddress", row.getString("client_address"));
                    return Audit.write(
                                    tx,
                                    by,
                                    row.getLong("tenant_id"),
                                    "session.end",
                                    row.getString("address"),
                                    before,
                                    null)
                            .compose(v -> Audit.tell(tx, News.account(row.getLong("account_id"))));
                }));
    }

    @Override
    public Future<Long> endSessions(Administrator by, String account) {
        return accounts.get(by, account)
                .compose(owner ->
                        database.transaction(Database.NO_ACCOUNT, "administration.endSessions", tx -> tx.execute(
                                        AccessQueries.END_SESSIONS, Tuple.of(owner.accountId(), ENDED))
                                .compose(ended -> Audit.write(
                                                tx,
                                                by,
                                                owner.tenantId(),
                                                "session.endAll",
                                                owner.address(),
                                                new JsonObject().put("sessions", ended.rowCount()),
                                                null)
                                        .compose(v -> Audit.tell(tx, News.account(owner.accountId())))
                                        .map((long) ended.rowCount()))));
    }

    @Override
    public Future<Page<AuditRecord>> audit(
            Administrator by, Optional<String> tenant, Optional<String> target, Page.From from) {
        Tuple arguments = Tuple.of(number(from.after()).orElse(Long.MAX_VALUE), from.rows(), target.orElse(null));
        Future<RowSet<Row>> rows;
        if (tenant.isPresent()) {
            rows = tenants.get(by, tenant.get())
                    .compose(found -> page(AccessQueries.AUDIT_OF_TENANT, arguments.addLong(found.tenantId())));
        } else if (by.isOfAll()) {
            rows = page(AccessQueries.AUDIT, arguments);
        } else {
            rows = page(AccessQueries.AUDIT_OF_TENANT, arguments.addLong(by.tenantId()));
        }
        return rows.map(Rows.each(AccessQueries::audit))
                .map(list -> from.of(list, line -> String.valueOf(line.auditId())));
    }

    private Future<RowSet<Row>> page(Statement statement, Tuple arguments) {
        return database.executeApart(Database.NO_ACCOUNT, statement, arguments);
    }

    /** Ids are numbers, to us. */
    private static OptionalLong number(String id) {
        try {
            return OptionalLong.of(Long.parseLong(id));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
