package io.postrider.store.postgres;

import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the database is and how much of it one node may use.
 *
 * @param url {@code postgresql://user:password@host:port,host:port/database?…}; it may hold a password and is never shown. Of
 *     several hosts, that is used which takes writes
 * @param pipelines connections that many short statements share at once
 * @param poolSize connections for transactions and long statements, one at a time each
 * @param poolQueue how many may wait for one of those; the next is refused
 * @param pipelineQueue how many statements may be on their way in one shared connection; the next is refused
 * @param connectTimeout for a connection to come up, whichever host it is to, and the longest wait for one to come free
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
    private static final Pattern HOSTS =
            Pattern.compile("(?<before>\\w+://(?:[^/?@]*@)?)(?<hosts>[^/?@]+,[^/?@]*)(?<behind>.*)");
    private static final Pattern NAMES_NO_HOST = Pattern.compile("^\\w+://([^/?@]*@)?[/?:]");
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
        List<PgConnectOptions> parsed = parse(url);
        return parsed.stream()
                        .map(server -> server.getHost() + ":" + server.getPort())
                        .collect(Collectors.joining(","))
                + "/" + parsed.get(0).getDatabase();
    }

    String user() {
        return parse(url).get(0).getUser();
    }

    /** One for each host, in the URL's order. */
    List<PgConnectOptions> servers() {
        return parse(url).stream().map(this::withSettings).toList();
    }

    private PgConnectOptions withSettings(PgConnectOptions server) {
        PgConnectOptions options = server.setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(PREPARED_STATEMENTS)
                // The default leaves out SQL from 2048 characters on.
                .setPreparedStatementCacheSqlFilter(sql -> !sql.startsWith(AssembledSearch.MARK));
        settings().forEach(options::addProperty);
        return options;
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

    private static List<PgConnectOptions> parse(String url) {
        if (url == null || !(url.startsWith("postgresql://") || url.startsWith("postgres://"))) {
            throw new IllegalArgumentException("the database URL must begin with postgresql://");
        }
        List<PgConnectOptions> parsed = new ArrayList<>();
        try {
            for (String one : oneForEachHost(url)) {
                if (NAMES_NO_HOST.matcher(one).find()) {
                    throw new IllegalArgumentException(one);
                }
                parsed.add(PgConnectOptions.fromUri(one));
            }
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
        for (PgConnectOptions server : parsed) {
            // As libpq takes it; PostgreSQL itself knows no such setting.
            String wanted = server.getProperties().remove("target_session_attrs");
            if (wanted != null && !wanted.equals("read-write") && !wanted.equals("primary")) {
                throw new IllegalArgumentException(
                        "the database URL asks for target_session_attrs=" + wanted + "; mail needs read-write");
            }
        }
        return parsed;
    }

    /** The driver knows one host to a URL. */
    private static List<String> oneForEachHost(String url) {
        Matcher matcher = HOSTS.matcher(url);
        if (!matcher.matches()) {
            return List.of(url);
        }
        return Arrays.stream(matcher.group("hosts").split(",", -1))
                .map(host -> matcher.group("before") + host + matcher.group("behind"))
                .toList();
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
