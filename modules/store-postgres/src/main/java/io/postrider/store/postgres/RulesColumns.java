package io.postrider.store.postgres;

import io.postrider.store.administration.Limit;
import io.postrider.store.administration.Rules;
import io.postrider.store.administration.State;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** State, limits, protocols and referral of a tenant or an account, as columns and back. */
final class RulesColumns {
    private RulesColumns() {}

    /** To be selected of the table that goes by the alias. */
    static String select(String alias, Predicate<Limit> which) {
        return Stream.concat(
                        Stream.of("state", "state_since", "protocols", "referral"),
                        limits(which).stream().map(Limit::column))
                .map(column -> alias + "." + column)
                .collect(Collectors.joining(", "));
    }

    /** To be set, from parameter {@code first} on; {@link #addTo} gives them. */
    static String set(String alias, int first, Predicate<Limit> which) {
        StringBuilder set = new StringBuilder(
                "state = $%1$d, state_since = case when %2$s.state = $%1$d then %2$s.state_since else now() end, protocols = $%3$d, referral = $%4$d"
                        .formatted(first, alias, first + 1, first + 2));
        int n = first + 3;
        for (Limit limit : limits(which)) {
            set.append(", ").append(limit.column()).append(" = $").append(n++);
        }
        return set.toString();
    }

    static Tuple addTo(Tuple arguments, Rules rules, Predicate<Limit> which) {
        arguments.addString(rules.state().text());
        arguments.addArrayOfString(
                rules.protocols().map(list -> list.toArray(String[]::new)).orElse(null));
        arguments.addString(rules.referral().orElse(null));
        limits(which).forEach(limit -> arguments.addLong(rules.limits().getOrDefault(limit, 0L)));
        return arguments;
    }

    static Rules of(Row row, Predicate<Limit> which) {
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        limits(which).forEach(limit -> limits.put(limit, row.getLong(limit.column())));
        String[] protocols = row.getArrayOfStrings("protocols");
        return new Rules(
                State.of(row.getString("state")),
                row.getOffsetDateTime("state_since").toInstant(),
                limits,
                Optional.ofNullable(protocols).map(List::of),
                Optional.ofNullable(row.getString("referral")));
    }

    private static List<Limit> limits(Predicate<Limit> which) {
        return Arrays.stream(Limit.values()).filter(which).toList();
    }
}
