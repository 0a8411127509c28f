package io.postrider.store.postgres;

import io.postrider.store.Contents;
import io.postrider.store.Mailboxes;
import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Difference;
import io.postrider.store.administration.Difference.Mend;
import io.postrider.store.administration.State;
import io.postrider.store.administration.Tenant;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Counts anew what is kept, and mends it: what an account needs here, its contents and mailboxes in classes of their own. */
final class CheckAdministration implements Administration.Checks {
    /** A tenant's use was counted just now for so long. */
    static final Duration JUST_NOW = TenantUsage.EVERY.multipliedBy(12);

    private final Database database;
    private final TenantAdministration tenants;
    private final AccountAdministration accounts;
    private final Mailboxes mailboxes;
    private final Contents contents;

    CheckAdministration(
            Database database,
            TenantAdministration tenants,
            AccountAdministration accounts,
            Mailboxes mailboxes,
            Contents contents) {
        this.database = database;
        this.tenants = tenants;
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.contents = contents;
    }

    @Override
    public Future<List<Difference>> tenant(Administrator by, String name, boolean mend) {
        return tenants.get(by, name).compose(tenant -> database.executeApart(
                        Database.NO_ACCOUNT, CheckQueries.TENANT, Tuple.of(tenant.tenantId(), (double)
                                JUST_NOW.toSeconds()))
                .compose(rows -> {
                    Differences found = compareUse(tenant, rows);
                    return found.isEmpty() || !mend
                            ? Future.succeededFuture(found.all())
                            : countAgain(by, tenant, found);
                }));
    }

    private static Differences compareUse(Tenant tenant, RowSet<Row> rows) {
        Differences found = new Differences(tenant.name(), "");
        for (Row row : rows) {
            for (String counter : List.of("octets", "messages", "mailboxes")) {
                found.unequal("", counter, row.getLong(counter), row.getLong("counted_" + counter));
            }
        }
        return found;
    }

    private Future<List<Difference>> countAgain(Administrator by, Tenant tenant, Differences found) {
        return database.transaction(Database.NO_ACCOUNT, "check.mendTenant", tx -> tx.execute(
                                TenantUsage.COUNT, Tuple.of(tenant.tenantId()))
                        .compose(v -> found.audit(tx, by, tenant.tenantId())))
                .map(v -> found.mended());
    }

    @Override
    public Future<List<Difference>> account(Administrator by, String address, boolean mend) {
        return accounts.get(by, address)
                .compose(account -> account.rules().state() == State.REMOVING
                        ? Future.succeededFuture(List.of())
                        : check(by, account, mend));
    }

    private Future<List<Difference>> check(Administrator by, AccountRecord account, boolean mend) {
        Differences found = new Differences(account);
        return directory(by, account, mend)
                .compose(first -> {
                    found.addAll(first);
                    return new ContentCheck(database, contents, by, account, mend).run();
                })
                .compose(octets -> {
                    found.addAll(octets);
                    return new MailboxCheck(database, by, account, mend).run();
                })
                .compose(counted -> {
                    found.addAll(counted);
                    return facts(account);
                })
                // Its rows were being taken away meanwhile.
                .map(facts -> facts.isEmpty() ? List.of() : told(found));
    }

    private static List<Difference> told(Differences found) {
        if (!found.isFull()) {
            return found.all();
        }
        Differences told =
                new Differences(found.all().get(0).tenant(), found.all().get(0).account());
        told.addAll(found.all().subList(0, MOST - 1));
        told.add("", "more differences", "not looked for", "check again once these are mended", Mend.IMPOSSIBLE);
        return told.all();
    }

    private Future<Optional<Row>> facts(AccountRecord account) {
        return database.execute(CheckQueries.ACCOUNT, Tuple.of(account.accountId(), (long) ContentIds.BLOCK))
                .map(Rows.first(row -> row));
    }

    private Future<List<Difference>> directory(Administrator by, AccountRecord account, boolean mend) {
        return facts(account).compose(facts -> {
            Differences found = new Differences(account);
            if (facts.isEmpty()) {
                return Future.succeededFuture(List.of());
            }
            Row row = facts.get();
            if (row.getBoolean("address_is_taken")) {
                found.add("", "address", "another account's", "its own", Mend.IMPOSSIBLE);
            } else if (!row.getBoolean("has_address")) {
                found.add("", "address", "none", "its own", Mend.POSSIBLE);
            }
            if (!row.getBoolean("has_inbox")) {
                found.add(Mailboxes.INBOX, "mailbox", "none", "one", Mend.POSSIBLE);
            }
            found.below("", "uidValidity", row.getLong("uid_validity"), number(row, "highest_validity"));
            found.below("", "mailbox ids given out", row.getLong("last_mailbox_id"), number(row, "highest_mailbox_id"));
            found.below("", "content ids given out", row.getLong("last_content_id"), number(row, "highest_content_id"));
            return found.isEmpty() || !mend
                    ? Future.succeededFuture(found.all())
                    : mendDirectory(by, account, row, found);
        });
    }

    private Future<List<Difference>> mendDirectory(
            Administrator by, AccountRecord account, Row facts, Differences found) {
        Tuple which = Tuple.of(account.accountId());
        return database.transaction(account.accountId(), "check.mendAccount", tx -> {
                    Future<?> done = tx.execute(CheckQueries.RAISE_VALIDITY, which)
                            .compose(v -> tx.execute(CheckQueries.ADD_ADDRESS, which));
                    if (facts.getLong("last_mailbox_id") < number(facts, "highest_mailbox_id")) {
                        done = done.compose(v -> tx.execute(
                                CheckQueries.RAISE_MAILBOX_IDS, Tuple.of(number(facts, "highest_mailbox_id"))));
                    }
                    if (facts.getLong("last_content_id") < number(facts, "highest_content_id")) {
                        done = done.compose(v -> tx.execute(
                                CheckQueries.RAISE_CONTENT_IDS, Tuple.of(number(facts, "highest_content_id"))));
                    }
                    return done.compose(v -> found.audit(tx, by, account.tenantId()));
                })
                .compose(v -> facts.getBoolean("has_inbox")
                        ? Future.succeededFuture()
                        : mailboxes.create(account.accountId(), Mailboxes.INBOX, Optional.empty()))
                .map(v -> found.mended());
    }

    private static long number(Row row, String column) {
        Long number = row.getLong(column);
        return number == null ? 0 : number;
    }
}
