package io.postrider.store.postgres;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** What a failure of the driver means: try again, come back later, or our fault. */
final class Failures {
    /** serialization_failure, deadlock_detected: PostgreSQL asks for the same transaction again. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");
    /** read_only_sql_transaction, admin_shutdown, crash_shutdown, cannot_connect_now: no longer a primary. */
    private static final Set<String> CONNECTION_IS_OF_NO_USE = Set.of("25006", "57P01", "57P02", "57P03", "57P05");
    /** query_canceled (statement_timeout), lock_not_available, idle_in_transaction_session_timeout. */
    private static final Set<String> TOOK_TOO_LONG = Set.of("57014", "55P03", "25P03");

    private Failures() {}

    static boolean isConflict(Throwable failure) {
        return failure instanceof PgException pg && CONFLICTS.contains(pg.getSqlState());
    }

    static boolean isUniqueViolation(Throwable failure) {
        return failure instanceof PgException pg && "23505".equals(pg.getSqlState());
    }

    static boolean isNullViolation(Throwable failure) {
        return failure instanceof PgException pg && "23502".equals(pg.getSqlState());
    }

    /** A server that was the primary refuses a write (read_only_sql_transaction). */
    static boolean saysNotPrimary(Throwable failure) {
        return failure instanceof PgException pg && "25006".equals(pg.getSqlState());
    }

    /** Whether the connection it came from should not be asked again. */
    static boolean spoilsConnection(Throwable failure) {
        return failure instanceof PgException pg
                ? CONNECTION_IS_OF_NO_USE.contains(pg.getSqlState())
                : isUnavailable(failure);
    }

    /** The failure as the store's callers know it. */
    static Throwable translated(Throwable failure) {
        if (failure instanceof StoreUnavailableException || !isUnavailable(failure)) {
            return failure;
        }
        return new StoreUnavailableException("the database cannot be asked now: " + oneLine(failure), failure);
    }

    static String oneLine(Throwable failure) {
        if (failure instanceof PgException pg) {
            return pg.getErrorMessage() + " (" + pg.getSqlState() + ")";
        }
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private static boolean isUnavailable(Throwable failure) {
        if (failure instanceof PgException pg) {
            String state = pg.getSqlState() == null ? "" : pg.getSqlState();
            return CONNECTION_IS_OF_NO_USE.contains(state)
                    || TOOK_TOO_LONG.contains(state)
                    || CONFLICTS.contains(state)
                    || state.startsWith("08") // connection exceptions
                    || state.startsWith("53"); // insufficient resources: connections, memory, disk
        }
        return failure instanceof ClosedConnectionException
                || failure instanceof IOException
                || failure instanceof TimeoutException
                // A socket that closed beneath the driver.
                || failure instanceof VertxException;
    }
}
