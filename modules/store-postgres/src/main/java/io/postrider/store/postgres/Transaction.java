package io.postrider.store.postgres;

import io.postrider.store.Span;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * An open transaction. Its statements are pipelined: one that does not need the answer of the one before need not wait for
 * it. One that fails dooms the transaction.
 */
final class Transaction {
    private final SqlConnection connection;
    private final StatementTimers timers;
    private final Span span;

    /** @param span within which its statements are; null when they are not traced */
    Transaction(SqlConnection connection, StatementTimers timers, Span span) {
        this.connection = connection;
        this.timers = timers;
        this.span = span;
    }

    Future<RowSet<Row>> execute(Statement statement, Tuple arguments) {
        return timers.time(
                statement.name(),
                Span.statement(span, statement.name()),
                Here.future(connection.preparedQuery(statement.sql()).execute(arguments)));
    }

    /** The same statement for each of many arguments, in one go. */
    Future<RowSet<Row>> executeBatch(Statement statement, List<Tuple> arguments) {
        return timers.time(
                statement.name(),
                Span.statement(span, statement.name()),
                Here.future(connection.preparedQuery(statement.sql()).executeBatch(arguments)));
    }
}
