package io.postrider.store.postgres;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the hosts takes writes. Every connection is made here and given away only after its server has said that it does:
 * a standby answers reads too, but yesterday's.
 *
 * <p>Easy to get wrong: a primary may become a standby, or be told to refuse writes, without closing anything. So all
 * connections have the generation they were made in, and once one of a generation was refused a write
 * ({@link #noLongerPrimary}), none of that generation is to be used again.
 */
final class Primary {
    private static final Logger LOG = LoggerFactory.getLogger(Primary.class);
    /** After a failed attempt to connect, others fail at once for this long: a dead server is not to be hammered. */
    static final long BACK_OFF_MILLIS = 250;

    /** Also on where a server is in recovery, and where all transactions are to be read-only. */
    private static final String REFUSES_WRITES = "select current_setting('transaction_read_only')::boolean";

    private final DatabaseOptions options;
    private final AtomicLong generation = new AtomicLong();
    private final AtomicLong attempts = new AtomicLong();
    private volatile int lastFound = -1;
    private volatile Failed lastFailure;

    private record Failed(StoreUnavailableException why, long until) {}

    Primary(DatabaseOptions options) {
        this.options = options;
    }

    DatabaseOptions options() {
        return options;
    }

    long generation() {
        return generation.get();
    }

    /** A connection made in this generation was refused a write. */
    void noLongerPrimary(long ofGeneration) {
        generation.compareAndSet(ofGeneration, ofGeneration + 1);
    }

    /** A connection to the primary that lives on {@code context}; a failure says in one line where and why. */
    Future<PgConnection> connect(ContextInternal context) {
        Failed before = lastFailure;
        if (before != null && System.nanoTime() - before.until < 0) {
            return context.failedFuture(before.why);
        }
        long attempt = attempts.incrementAndGet();
        List<PgConnectOptions> servers = options.servers();
        Promise<PgConnection> found = context.promise();
        // Dispatched, not only executed there: the driver closes a connection when the verticle of the current context
        // ends.
        context.emit(servers, hosts -> find(context, hosts).onComplete(found));
        return found.future()
                .onSuccess(connection -> lastFailure = null)
                .onFailure(failure -> failed((StoreUnavailableException) failure, attempt));
    }

    private void failed(StoreUnavailableException why, long attempt) {
        // What began before a later attempt says nothing about now.
        if (attempts.get() == attempt || lastFailure == null) {
            lastFailure = new Failed(why, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BACK_OFF_MILLIS));
        }
    }

    /** First where it was last; when it is not there any more, all at once. Both together within the connect timeout. */
    private Future<PgConnection> find(ContextInternal context, List<PgConnectOptions> servers) {
        long millis = options.connectTimeout().toMillis();
        int first = lastFound;
        if (first < 0 || servers.size() == 1) {
            return findAmongAll(context, servers, millis);
        }
        return connect(context, servers.get(first), millis / 2)
                .recover(failure -> findAmongAll(context, servers, millis - millis / 2));
    }

    private Future<PgConnection> findAmongAll(ContextInternal context, List<PgConnectOptions> servers, long millis) {
        List<Future<PgConnection>> asked =
                servers.stream().map(server -> connect(context, server, millis)).toList();
        IntStream.range(0, asked.size()).forEach(i -> asked.get(i).onSuccess(connection -> lastFound = i));
        return Future.any(asked)
                .map(any -> onlyOne(asked))
                .recover(failure -> Future.failedFuture(unreachable(servers, asked)));
    }

    /** The first that took writes; should there be others, or come others, they are closed. */
    private static PgConnection onlyOne(List<Future<PgConnection>> asked) {
        PgConnection chosen = asked.stream()
                .filter(Future::succeeded)
                .findFirst()
                .orElseThrow()
                .result();
        asked.forEach(one -> one.onSuccess(connection -> {
            if (connection != chosen) {
                connection.close();
            }
        }));
        return chosen;
    }

    private static Future<PgConnection> connect(ContextInternal context, PgConnectOptions server, long millis) {
        Future<PgConnection> connecting = PgConnection.connect(context.owner(), server)
                // The driver would print it; whoever asked something there is told anyway.
                .onSuccess(connection -> connection.exceptionHandler(
                        failure -> LOG.debug("a connection to the database: {}", Failures.oneLine(failure))))
                .compose(connection -> takesWrites(connection).onFailure(failure -> connection.close()));
        Future<PgConnection> inTime = connecting.timeout(Math.max(1, millis), TimeUnit.MILLISECONDS);
        connecting.onSuccess(connection -> {
            if (inTime.failed()) {
                connection.close();
            }
        });
        return inTime;
    }

    private static Future<PgConnection> takesWrites(PgConnection connection) {
        return refusesWrites(connection)
                .compose(refuses -> refuses
                        ? Future.failedFuture(new StoreUnavailableException("it is read-only", null))
                        : Future.succeededFuture(connection));
    }

    static Future<Boolean> refusesWrites(PgConnection connection) {
        return connection.query(REFUSES_WRITES).execute().map(rows -> rows.iterator()
                .next()
                .getBoolean(0));
    }

    private StoreUnavailableException unreachable(List<PgConnectOptions> servers, List<Future<PgConnection>> asked) {
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            String reason = Failures.oneLine(asked.get(i).cause());
            reasons.add(
                    servers.size() == 1
                            ? reason
                            : servers.get(i).getHost() + ":" + servers.get(i).getPort() + ": " + reason);
        }
        return new StoreUnavailableException(
                "cannot use the database at " + options.place() + " as " + options.user() + ": "
                        + String.join("; ", reasons),
                asked.get(0).cause());
    }

    /** Lifetimes of connections differ, so that they are not all replaced at the same time. */
    static long lifetimeNanos(DatabaseOptions options) {
        return (long)
                (options.lifetime().toNanos() * ThreadLocalRandom.current().nextDouble(0.8, 1.0));
    }
}
