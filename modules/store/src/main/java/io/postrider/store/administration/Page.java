package io.postrider.store.administration;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a list.
 *
 * @param next what to ask the next page with; empty on the last
 */
public record Page<T>(List<T> items, Optional<String> next) {
    /** Items that one page has at most. */
    public static final int MAX = 1_000;

    /**
     * Where to begin, and how many: one more is read, to know whether that is all.
     *
     * @param after the cursor of the page before; "" for the first
     */
    public record From(String after, int limit) {
        public From {
            if (limit < 1 || limit > MAX) {
                throw new IllegalArgumentException("a page has from 1 to " + MAX + " items");
            }
        }

        public int rows() {
            return limit + 1;
        }

        public <T> Page<T> of(List<T> rows, Function<T, String> cursor) {
            return rows.size() <= limit
                    ? new Page<>(rows, Optional.empty())
                    : new Page<>(List.copyOf(rows.subList(0, limit)), Optional.of(cursor.apply(rows.get(limit - 1))));
        }
    }
}
