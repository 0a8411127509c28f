package io.postrider.store.postgres;

import io.postrider.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.TimeUnit;

/** Makes single connections, within the time a connection may take. */
final class Connections {
    private Connections() {}

    /** A connection that lives on {@code context}; a failure says in one line where and why. */
    static Future<PgConnection> connect(ContextInternal context, DatabaseOptions options) {
        Future<PgConnection> connecting = context.future(connected -> context.runOnContext(v ->
                PgConnection.connect(context.owner(), options.connectOptions()).onComplete(connected)));
        Future<PgConnection> inTime =
                connecting.timeout(options.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        connecting.onSuccess(connection -> {
            if (inTime.failed()) {
                connection.close();
            }
        });
        return inTime.recover(failure -> Future.failedFuture(unreachable(options, failure)));
    }

    private static StoreUnavailableException unreachable(DatabaseOptions options, Throwable failure) {
        return new StoreUnavailableException(
                "cannot use the database at " + options.place() + " as " + options.user() + ": "
                        + Failures.oneLine(failure),
                failure);
    }
}
