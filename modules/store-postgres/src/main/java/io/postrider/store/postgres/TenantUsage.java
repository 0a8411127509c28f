package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what tenants with such limits keep: every few seconds, and less often where it takes long. One node at a time does
 * it. What is written between two counts can go beyond a tenant's quota.
 */
final class TenantUsage {
    static final Duration EVERY = Duration.ofSeconds(5);
    /** Tenants counted in one transaction. */
    static final int BATCH = 20;

    private static final int LOCK = 0x75736167;
    private static final Logger LOG = LoggerFactory.getLogger(TenantUsage.class);

    /** Those whose last count is older than some seconds ($1), and than fifty times what it took. */
    static final Statement DUE = named("tenantUsage.due", """
            select t.tenant_id
            from tenant t
            left join tenant_usage u on u.tenant_id = t.tenant_id
            where (t.octet_limit > 0 or t.message_limit > 0 or t.mailbox_limit > 0)
              and t.state in ('active', 'suspended')
              and (u.counted_at is null or u.counted_at < now() - greatest(make_interval(secs => $1), u.took * 50))
            order by u.counted_at nulls first
            limit $2
            """);

    /** Tenant $1. */
    static final Statement COUNT = named("tenantUsage.count", """
            with counted as materialized (
              select coalesce(sum(m.octets), 0)::bigint as octets, coalesce(sum(m.messages), 0)::bigint as messages,
                count(m.mailbox_id) as mailboxes
              from account a
              join mailbox m on m.account_id = a.account_id
              where a.tenant_id = $1
            )
            insert into tenant_usage (tenant_id, octets, messages, mailboxes, counted_at, took)
            select $1, octets, messages, mailboxes, statement_timestamp(), clock_timestamp() - statement_timestamp()
            from counted
            on conflict (tenant_id) do update
              set octets = excluded.octets, messages = excluded.messages, mailboxes = excluded.mailboxes,
                counted_at = excluded.counted_at, took = excluded.took
            """);

    /** The same for a tenant with a limit that needs it, and nothing for another. */
    static final Statement COUNT_LIMITED = named(
            "tenantUsage.countLimited",
            COUNT.sql()
                    .replace(
                            "from counted\n",
                            "from counted\n"
                                    + "where exists (select from tenant t where t.tenant_id = $1"
                                    + " and (t.octet_limit > 0 or t.message_limit > 0 or t.mailbox_limit > 0))\n"));

    private final Database database;
    private final ContextInternal context;
    private long timer = -1;
    private boolean counting;

    TenantUsage(Database database) {
        this.database = database;
        this.context = ((VertxInternal) database.vertx()).createEventLoopContext();
    }

    void start() {
        context.runOnContext(v -> timer = context.setPeriodic(EVERY.toMillis(), tick -> countUnlessCounting()));
    }

    void stop() {
        context.runOnContext(v -> database.vertx().cancelTimer(timer));
    }

    private void countUnlessCounting() {
        if (!counting) {
            counting = true;
            count(EVERY)
                    .onComplete((v, failure) -> context.runOnContext(done -> {
                        counting = false;
                        if (failure != null) {
                            LOG.warn("what tenants keep could not be counted: {}", failure.getMessage());
                        }
                    }));
        }
    }

    /** All whose last count is older than that, unless another node is at it. */
    Future<Void> count(Duration olderThan) {
        return database.transaction(Database.NO_ACCOUNT, "tenantUsage", tx -> tx.execute(
                                SweeperQueries.TRY_LOCK, Tuple.of((long) LOCK))
                        .compose(locked -> Rows.only(locked).getBoolean("locked")
                                ? tx.execute(DUE, Tuple.of(olderThan.toMillis() / 1000.0, BATCH))
                                        .map(Rows.each(row -> row.getLong("tenant_id")))
                                        .compose(due -> count(tx, due, 0))
                                : Future.succeededFuture(0)))
                .compose(counted -> counted == BATCH ? count(olderThan) : Future.succeededFuture());
    }

    private static Future<Integer> count(Transaction tx, List<Long> tenants, int from) {
        return from == tenants.size()
                ? Future.succeededFuture(from)
                : tx.execute(COUNT, Tuple.of(tenants.get(from))).compose(v -> count(tx, tenants, from + 1));
    }
}
