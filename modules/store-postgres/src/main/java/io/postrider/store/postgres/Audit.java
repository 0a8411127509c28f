package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

import io.postrider.store.Refusal;
import io.postrider.store.administration.Administrator;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Objects;

/** What every change of an administrator ends with: a line in the audit, and a hint to all nodes, in its transaction. */
final class Audit {
    static final Statement WRITE = named("audit.write", """
            insert into audit (tenant_id, actor, origin, action, target, before, after)
            values (nullif($1::bigint, 0), $2, $3, $4, $5, $6, $7)
            """);

    /** One line for each of the targets $5, of the tenants $1. */
    static final Statement WRITE_MANY = named("audit.writeMany", """
            insert into audit (tenant_id, actor, origin, action, target, after)
            select w.tenant_id, $2, $3, $4, w.target, w.after
            from unnest($1::bigint[], $5::text[], $6::jsonb[]) with ordinality as w (tenant_id, target, after, n)
            order by w.n
            """);

    static final Statement NOTIFY = named("audit.notify", """
            select pg_notify($1, $2)
            """);

    private Audit() {}

    /**
     * @param tenantId 0 when it is no tenant's
     * @param before null when it was not there
     * @param after null when it is gone
     */
    static Future<Void> write(
            Transaction tx,
            Administrator by,
            long tenantId,
            String action,
            String target,
            JsonObject before,
            JsonObject after) {
        return Objects.equals(before, after) && before != null
                ? Future.succeededFuture()
                : tx.execute(WRITE, Tuple.of(tenantId, by.name(), by.origin(), action, target, before, after))
                        .mapEmpty();
    }

    /** Items as {@link News} has them. */
    static Future<Void> tell(Transaction tx, String... items) {
        return tx.execute(NOTIFY, Tuple.of(NewsWire.CHANNEL, News.ofAdministrator(List.of(items))))
                .mapEmpty();
    }

    static void requireOfAll(Administrator by) {
        if (!by.isOfAll()) {
            throw new Refusal(Refusal.Kind.FORBIDDEN, "Only an administrator of the whole installation may do that");
        }
    }
}
