package io.postrider.store.postgres;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** From rows to what they stand for. */
final class Rows {
    private Rows() {}

    static <T> Function<RowSet<Row>, List<T>> each(Function<Row, T> mapper) {
        return rows -> {
            List<T> all = new ArrayList<>(rows.size());
            rows.forEach(row -> all.add(mapper.apply(row)));
            return all;
        };
    }

    static <T> Function<RowSet<Row>, Optional<T>> first(Function<Row, T> mapper) {
        return rows -> rows.size() == 0
                ? Optional.empty()
                : Optional.of(mapper.apply(rows.iterator().next()));
    }

    static Row only(RowSet<Row> rows) {
        return rows.iterator().next();
    }
}
