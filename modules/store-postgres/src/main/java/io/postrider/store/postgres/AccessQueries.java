package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;
import static io.postrider.store.postgres.Statement.page;

import io.postrider.store.administration.AuditRecord;
import io.postrider.store.administration.Key;
import io.postrider.store.administration.SessionRecord;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.Optional;

/** SQL of keys, of sessions as administrators see them, and of the audit. */
final class AccessQueries {
    private static final String KEY_COLUMNS =
            "k.key_id, k.tenant_id, t.name as tenant, k.label, k.read_only, k.created_at, k.expires_at";

    /** A key works as long as its tenant is not deleted. */
    static final Statement KEY_OF = named("access.keyOf", """
            select %s
            from api_key k
            left join tenant t on t.tenant_id = k.tenant_id
            where k.digest = $1
              and (k.expires_at is null or k.expires_at > now())
              and (k.tenant_id is null or t.state in ('active', 'suspended'))
            """.formatted(KEY_COLUMNS));

    /** $3 says whose administrator asks, 0 is that of all. */
    static final Statement KEYS =
            page("access.keys", """
            select %s
            from api_key k
            left join tenant t on t.tenant_id = k.tenant_id
            """.formatted(KEY_COLUMNS), "k.key_id", "($3::bigint = 0 or k.tenant_id = $3)");

    /** $1 tenant, or null. */
    static final Statement ADD_KEY = named("access.addKey", """
            with k as (
              insert into api_key (tenant_id, label, read_only, expires_at, digest)
              values ($1, $2, $3, $4, $5)
              returning *
            )
            select %s
            from k
            left join tenant t on t.tenant_id = k.tenant_id
            """.formatted(KEY_COLUMNS));

    static final Statement REVOKE_KEY = named("access.revokeKey", """
            with k as (
              delete from api_key
              where ($1::bigint = 0 or tenant_id = $1)
                and key_id = $2
              returning *
            )
            select %s
            from k
            left join tenant t on t.tenant_id = k.tenant_id
            """.formatted(KEY_COLUMNS));

    private static final String SESSIONS_PAGE = """
            select s.session_id, a.address, t.name as tenant, s.protocol, s.client_address, n.name as node, s.since
            from session s
            join node n on n.node_id = s.node_id and n.seen_at > now() - make_interval(secs => $1)
            join account a on a.account_id = s.account_id
            join tenant t on t.tenant_id = s.tenant_id
            where s.session_id > $2
              and s.ending is null
              OF
            order by s.session_id
            limit $3
            """;

    /** $1 a node's lease. */
    static final Statement SESSIONS = named("access.sessions", SESSIONS_PAGE.replace("OF", ""));

    static final Statement SESSIONS_OF_TENANT =
            named("access.sessionsOfTenant", SESSIONS_PAGE.replace("OF", "and s.tenant_id = $4"));

    static final Statement SESSIONS_OF_ACCOUNT =
            named("access.sessionsOfAccount", SESSIONS_PAGE.replace("OF", "and s.account_id = $4"));

    /** $3 why. */
    static final Statement END_SESSION = named("access.endSession", """
            update session s
            set ending = $3
            from account a
            where ($1::bigint = 0 or s.tenant_id = $1)
              and s.session_id = $2
              and s.ending is null
              and a.account_id = s.account_id
            returning s.account_id, s.tenant_id, a.address, s.protocol, s.client_address
            """);

    static final Statement END_SESSIONS = named("access.endSessions", """
            update session
            set ending = $2
            where account_id = $1
              and ending is null
            """);

    private static final String AUDIT_PAGE = """
            select u.audit_id, u.at, t.name as tenant, u.actor, u.origin, u.action, u.target, u.before, u.after
            from audit u
            left join tenant t on t.tenant_id = u.tenant_id
            where u.audit_id < $1
              and ($3::text is null or u.target = $3)
              OF
            order by u.audit_id desc
            limit $2
            """;

    static final Statement AUDIT = named("access.audit", AUDIT_PAGE.replace("OF", ""));

    static final Statement AUDIT_OF_TENANT =
            named("access.auditOfTenant", AUDIT_PAGE.replace("OF", "and u.tenant_id = $4"));

    private AccessQueries() {}

    static Key key(Row row) {
        Long tenantId = row.getLong("tenant_id");
        return new Key(
                row.getLong("key_id"),
                tenantId == null ? 0 : tenantId,
                Optional.ofNullable(row.getString("tenant")),
                row.getString("label"),
                row.getBoolean("read_only"),
                row.getOffsetDateTime("created_at").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant));
    }

    static SessionRecord session(Row row) {
        return new SessionRecord(
                String.valueOf(row.getLong("session_id")),
                row.getString("address"),
                row.getString("tenant"),
                row.getString("protocol"),
                row.getString("client_address"),
                row.getString("node"),
                row.getOffsetDateTime("since").toInstant());
    }

    static AuditRecord audit(Row row) {
        return new AuditRecord(
                row.getLong("audit_id"),
                row.getOffsetDateTime("at").toInstant(),
                Optional.ofNullable(row.getString("tenant")),
                row.getString("actor"),
                row.getString("origin"),
                row.getString("action"),
                row.getString("target"),
                Optional.ofNullable((JsonObject) row.getValue("before")),
                Optional.ofNullable((JsonObject) row.getValue("after")));
    }
}
