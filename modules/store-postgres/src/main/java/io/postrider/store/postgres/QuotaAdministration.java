package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

import io.postrider.store.Mailboxes;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.Refusal;
import io.postrider.store.Refusal.Kind;
import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administration.Accounts.Change;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Limit;
import io.postrider.store.administration.Rules;
import io.postrider.store.administration.State;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What accounts do that set quotas, in SQL. What they may is asked each time, so that it ends at once when it is taken from
 * them; and of another tenant's accounts they hear what they hear of none.
 */
final class QuotaAdministration implements Administration.Quotas {
    private static final List<Limit> QUOTAS = List.of(Limit.OCTETS, Limit.MESSAGES, Limit.MAILBOXES);

    /** What account $1 may: whose it is, and up to what it may give. No row unless it may set quotas. */
    static final Statement MAY = named("quotas.may", """
            select a.address, t.tenant_id, t.octet_limit, t.message_limit, t.mailbox_limit
            from account a
            join tenant t on t.tenant_id = a.tenant_id
            where a.account_id = $1
              and a.quota_administrator
            """);

    /** Address $2 as account $1 may see it. */
    static final Statement ACCOUNT = named("quotas.account", """
            select a.account_id
            from account a
            join account asking on asking.tenant_id = a.tenant_id
            where asking.account_id = $1
              and asking.quota_administrator
              and a.address = $2
              and a.state in ('active', 'suspended')
            """);

    private final Database database;
    private final Mailboxes mailboxes;

    QuotaAdministration(Database database, Mailboxes mailboxes) {
        this.database = database;
        this.mailboxes = mailboxes;
    }

    @Override
    public Future<Usage> usage(long by, String address) {
        return database.execute(ACCOUNT, Tuple.of(by, Names.address(address).orElse("")))
                .map(Rows.first(row -> row.getLong("account_id")))
                .compose(found -> mailboxes.usage(found.orElseThrow(QuotaAdministration::nobody)));
    }

    @Override
    public Future<Usage> set(long by, String origin, String address, Supplier<Map<Limit, Long>> limits) {
        return database.transaction(Database.NO_ACCOUNT, "quotas.set", tx -> tx.execute(MAY, Tuple.of(by))
                        .map(Rows.first(row -> row))
                        .compose(may ->
                                set(tx, may.orElseThrow(QuotaAdministration::forbidden), origin, address, limits)))
                .compose(account -> mailboxes.usage(account.accountId()));
    }

    private static Future<AccountRecord> set(
            Transaction tx, Row may, String origin, String address, Supplier<Map<Limit, Long>> limits) {
        Administrator by = new Administrator("account " + may.getString("address"), origin, may.getLong("tenant_id"));
        Map<Limit, Long> wanted = new EnumMap<>(Limit.class);
        QUOTAS.forEach(limit -> wanted.put(limit, 0L));
        return AccountAdministration.lock(tx, by, Names.address(address).orElse(""))
                .map(found -> found.filter(QuotaAdministration::isSeen).orElseThrow(QuotaAdministration::nobody))
                .compose(account -> {
                    wanted.putAll(limits.get());
                    QUOTAS.forEach(limit -> requireWithin(may.getLong(limit.column()), limit, wanted.get(limit)));
                    Rules.Change change =
                            new Rules.Change(Optional.empty(), wanted, Optional.empty(), Optional.empty());
                    return AccountAdministration.change(
                            tx, by, account, new Change(change, Optional.empty(), Optional.empty()));
                })
                .map(put -> put.value());
    }

    private static boolean isSeen(AccountRecord account) {
        State state = account.rules().state();
        return state == State.ACTIVE || state == State.SUSPENDED;
    }

    /** No limit of its own promises nothing: the tenant's holds all the same. */
    private static void requireWithin(long ofTenant, Limit limit, long wanted) {
        if (ofTenant > 0 && wanted > ofTenant) {
            throw new Refusal(
                    Kind.LIMIT,
                    "More than all accounts of the tenant may have together: " + ofTenant + " " + limit.text());
        }
    }

    private static Refusal forbidden() {
        return new Refusal(Kind.FORBIDDEN, "This account does not set quotas");
    }

    private static Refusal nobody() {
        return new Refusal(Kind.NONEXISTENT, "No such quota root");
    }
}
