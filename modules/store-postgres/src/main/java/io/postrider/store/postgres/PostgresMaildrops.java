package io.postrider.store.postgres;

import io.postrider.store.Maildrops;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/** Locks of maildrops, in SQL. The database's clock is the only one asked. */
final class PostgresMaildrops implements Maildrops {
    private final Database database;

    PostgresMaildrops(Database database) {
        this.database = database;
    }

    @Override
    public Future<Boolean> lock(long accountId, String holder, Duration lease) {
        return database.execute(MaildropQueries.LOCK, Tuple.of(accountId, holder, (double) lease.toMillis()))
                .map(rows -> rows.size() == 1);
    }

    @Override
    public Future<Boolean> renew(long accountId, String holder, Duration lease) {
        return database.execute(MaildropQueries.RENEW, Tuple.of(accountId, holder, (double) lease.toMillis()))
                .map(rows -> rows.size() == 1);
    }

    @Override
    public Future<Void> release(long accountId, String holder) {
        return database.execute(MaildropQueries.RELEASE, Tuple.of(accountId, holder))
                .mapEmpty();
    }
}
