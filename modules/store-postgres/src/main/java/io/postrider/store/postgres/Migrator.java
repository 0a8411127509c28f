package io.postrider.store.postgres;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Brings the schema to this node's version: numbered files, each in a transaction of its own together with its line in
 * {@code schema_version}. An advisory lock lets one node at a time do it; the others then find it done.
 *
 * <p>A schema may be {@link #AHEAD} of the node: while nodes are replaced one by one, those that wait for their turn go on
 * serving, and start again should they fall. What a migration may do so that this holds is said in the migrations' README.
 */
public final class Migrator {
    static final int OLDEST_POSTGRESQL = 15;
    /** By so many versions a schema may be newer than what a node knows. */
    static final int AHEAD = 1;

    static final int LOCK = 0x706f7374;

    private final Vertx vertx;
    private final DatabaseOptions options;
    private final List<Migration> migrations;

    Migrator(Vertx vertx, DatabaseOptions options, List<Migration> migrations) {
        this.vertx = vertx;
        this.options = options;
        this.migrations = migrations;
    }

    /** Applies what is missing; gives how many migrations that were. Fails with {@link SchemaException}. */
    public static Future<Integer> migrate(Vertx vertx, DatabaseOptions options) {
        return new Migrator(vertx, options, Migration.ALL).migrate();
    }

    /** Succeeds when the schema is the one this node knows or {@link #AHEAD} of it; else {@link SchemaException} says what it is. */
    public static Future<Void> check(Vertx vertx, DatabaseOptions options) {
        return new Migrator(vertx, options, Migration.ALL).check();
    }

    Future<Integer> migrate() {
        return withConnection(connection -> checkServer(connection)
                .compose(v -> connection.query("set statement_timeout = 0").execute())
                // Ends with the connection.
                .compose(v ->
                        connection.preparedQuery("select pg_advisory_lock($1)").execute(Tuple.of(LOCK)))
                .compose(v ->
                        connection.query(MigrationQueries.CREATE_SCHEMA_VERSION).execute())
                .compose(v -> applied(connection))
                .compose(applied -> apply(connection, missing(applied))));
    }

    Future<Void> check() {
        return withConnection(connection -> checkServer(connection)
                .compose(v ->
                        connection.query(MigrationQueries.HAS_SCHEMA_VERSION).execute())
                .compose(rows -> rows.iterator().next().getBoolean(0)
                        ? applied(connection)
                        : Future.succeededFuture(Map.<Integer, String>of()))
                .map(this::missing)
                .compose(missing -> missing.isEmpty()
                        ? Future.succeededFuture()
                        : Future.failedFuture(olderThanNeeded(migrations.size() - missing.size()))));
    }

    private Future<Void> checkServer(SqlConnection connection) {
        return connection.query(MigrationQueries.SERVER).execute().map(rows -> {
            Row row = rows.iterator().next();
            if (row.getInteger("version") / 10_000 < OLDEST_POSTGRESQL) {
                throw problem("the server is PostgreSQL " + row.getInteger("version") / 10_000 + "; "
                        + OLDEST_POSTGRESQL + " is the oldest that will do");
            }
            if (!"UTF8".equals(row.getString("encoding"))) {
                throw problem("the database's encoding is " + row.getString("encoding") + "; it must be UTF8");
            }
            return null;
        });
    }

    private Future<Map<Integer, String>> applied(SqlConnection connection) {
        return connection.query(MigrationQueries.APPLIED).execute().map(rows -> {
            Map<Integer, String> applied = new TreeMap<>();
            rows.forEach(row -> applied.put(row.getInteger("version"), row.getString("checksum")));
            return applied;
        });
    }

    /** The migrations that still have to run: those behind the last that did. */
    private List<Migration> missing(Map<Integer, String> applied) {
        int last = applied.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
        int known = migrations.size();
        if (isTooNew(last, known)) {
            throw problem("the schema is version " + last + "; this Postrider knows version " + known
                    + " and works with " + (known + AHEAD) + " at most; start a newer Postrider");
        }
        for (Migration migration : migrations.subList(0, Math.min(last, known))) {
            String checksum = applied.get(migration.version());
            if (checksum == null) {
                throw problem("the schema is half migrated: version " + last + " is there, but not migration "
                        + migration.name());
            }
            if (!checksum.equals(migration.checksum())) {
                throw problem(
                        "the schema is not ours: migration " + migration.name() + " was another file when it ran");
            }
        }
        return migrations.subList(Math.min(last, known), known);
    }

    static boolean isTooNew(int schema, int known) {
        return schema > known + AHEAD;
    }

    private Future<Integer> apply(PgConnection connection, List<Migration> missing) {
        Future<Void> done = Future.succeededFuture();
        for (Migration migration : missing) {
            done = done.compose(v -> apply(connection, migration));
        }
        return done.map(missing.size());
    }

    private Future<Void> apply(PgConnection connection, Migration migration) {
        return connection
                .begin()
                .compose(transaction -> runFile(connection, migration)
                        .compose(v -> connection
                                .preparedQuery(MigrationQueries.INSERT_APPLIED)
                                .execute(Tuple.of(migration.version(), migration.name(), migration.checksum())))
                        .compose(v -> transaction.commit()))
                .recover(failure -> Future.failedFuture(
                        Failures.translated(failure) instanceof StoreUnavailableException unavailable
                                ? unavailable
                                : problem(
                                        "migration " + migration.name() + " failed: " + Failures.oneLine(failure),
                                        failure)));
    }

    /** By the simple query protocol, which alone takes several statements at once. */
    private static Future<RowSet<Row>> runFile(PgConnection connection, Migration migration) {
        return connection.query(migration.sql()).execute();
    }

    private <T> Future<T> withConnection(Function<PgConnection, Future<T>> work) {
        return new Primary(options)
                .connect(((VertxInternal) vertx).createEventLoopContext())
                .compose(connection -> work.apply(connection).eventually(connection::close))
                .recover(failure -> Future.failedFuture(Failures.translated(failure)));
    }

    private SchemaException olderThanNeeded(int version) {
        return problem(
                version == 0
                        ? "it holds no Postrider schema; run `postrider migrate`"
                        : "the schema is version " + version + ", this Postrider needs version " + migrations.size()
                                + "; run `postrider migrate`");
    }

    private SchemaException problem(String what) {
        return problem(what, null);
    }

    private SchemaException problem(String what, Throwable cause) {
        return new SchemaException("database " + options.place() + ": " + what, cause);
    }
}
