package io.postrider.store.postgres;

import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Where the database is and how much of it one node may use.
 *
 * @param url {@code postgresql://user:password@host:port/database?…}; it may hold a password and is never shown
 * @param pipelines connections that many short statements share at once
 * @param poolSize connections for transactions and long statements, one at a time each
 * @param poolQueue how many may wait for one of those; the next is refused
 * @param pipelineQueue how many statements may be on their way in one shared connection; the next is refused
 * @param connectTimeout for a connection to come up, and for one of the pool to come free
 * @param statementTimeout PostgreSQL ends a statement that takes longer
 * @param idleInTransactionTimeout PostgreSQL ends a connection whose transaction does nothing for longer
 * @param idleTimeout a pooled connection that nobody uses for longer is closed
 * @param lifetime a connection is replaced after this time, so that none stays for ever with a former primary
 */
public record DatabaseOptions(
        String url,
        int pipelines,
        int poolSize,
        int poolQueue,
        int pipelineQueue,
        Duration connectTimeout,
        Duration statementTimeout,
        Duration idleInTransactionTimeout,
        Duration idleTimeout,
        Duration lifetime) {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int PREPARED_STATEMENTS = 512;
    private static final Pattern NAMES_DATABASE = Pattern.compile("^\\w+://[^/?]*/[^/?]+|[?&]dbname=.");
    private static final Pattern NAMES_USER = Pattern.compile("^\\w+://[^/?@]+@|[?&]user=.");

    /** @throws IllegalArgumentException with a line for the administrator, without the password */
    public DatabaseOptions {
        parse(url);
        atLeastOne("pipelines", pipelines);
        atLeastOne("poolSize", poolSize);
        atLeastOne("poolQueue", poolQueue);
        atLeastOne("pipelineQueue", pipelineQueue);
    }

    /** The defaults for a URL. */
    public static DatabaseOptions of(String url) {
        return new DatabaseOptions(
                url,
                Math.min(16, 2 * CORES),
                Math.min(64, 8 + 4 * CORES),
                10_000,
                10_000,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10));
    }

    /** With another size of the pool for transactions. */
    public DatabaseOptions withPoolSize(int size) {
        return new DatabaseOptions(
                url,
                pipelines,
                size,
                poolQueue,
                pipelineQueue,
                connectTimeout,
                statementTimeout,
                idleInTransactionTimeout,
                idleTimeout,
                lifetime);
    }

    /** No statement takes longer; a server that says nothing for this time cannot be reached. */
    Duration longestSilence() {
        return statementTimeout.plus(connectTimeout);
    }

    /** Host, port and database, for people to read. */
    public String place() {
        PgConnectOptions parsed = parse(url);
        return parsed.getHost() + ":" + parsed.getPort() + "/" + parsed.getDatabase();
    }

    String user() {
        return parse(url).getUser();
    }

    PgConnectOptions connectOptions() {
        PgConnectOptions options = parse(url)
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(PREPARED_STATEMENTS)
                // The default leaves out SQL from 2048 characters on.
                .setPreparedStatementCacheSqlFilter(sql -> !sql.startsWith(AssembledSearch.MARK));
        settings().forEach(options::addProperty);
        return options;
    }

    PoolOptions poolOptions() {
        return new PoolOptions()
                .setMaxSize(poolSize)
                .setMaxWaitQueueSize(poolQueue)
                .setConnectionTimeout(millis(connectTimeout))
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(millis(idleTimeout))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxLifetime(millis(lifetime))
                .setMaxLifetimeUnit(TimeUnit.MILLISECONDS);
    }

    /** Given at the start of each connection, so that they cost no round trip. */
    private Map<String, String> settings() {
        return Map.of(
                "application_name", "postrider",
                // Parallel plans and compilation double the CPU of statements as short as ours.
                "max_parallel_workers_per_gather", "0",
                "jit", "off",
                // Every statement goes by keys, so its plan is the same whatever its arguments. Planning the append
                // anew for
                // each message cost 2 ms, ten times what it takes to run; and a plan made for empty tables must not
                // scan
                // them when they are full.
                "plan_cache_mode", "force_generic_plan",
                "enable_seqscan", "off",
                // What was acknowledged is flushed, whatever the role's default.
                "synchronous_commit", "on",
                "statement_timeout", String.valueOf(statementTimeout.toMillis()),
                "idle_in_transaction_session_timeout", String.valueOf(idleInTransactionTimeout.toMillis()));
    }

    @Override
    public String toString() {
        return "DatabaseOptions[" + place() + "]";
    }

    private static PgConnectOptions parse(String url) {
        if (url == null || !(url.startsWith("postgresql://") || url.startsWith("postgres://"))) {
            throw new IllegalArgumentException("the database URL must begin with postgresql://");
        }
        PgConnectOptions parsed;
        try {
            parsed = PgConnectOptions.fromUri(url);
        } catch (RuntimeException e) {
            // The driver's own words may hold the password.
            throw new IllegalArgumentException(
                    "the database URL cannot be read; it looks like postgresql://user:password@host:port/database");
        }
        // The driver would make one up.
        if (!NAMES_DATABASE.matcher(url).find()) {
            throw new IllegalArgumentException("the database URL names no database");
        }
        if (!NAMES_USER.matcher(url).find()) {
            throw new IllegalArgumentException("the database URL names no user");
        }
        return parsed;
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
