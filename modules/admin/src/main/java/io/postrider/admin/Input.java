package io.postrider.admin;

import io.postrider.store.Protocols;
import io.postrider.store.administration.Limit;
import io.postrider.store.administration.Rules;
import io.postrider.store.administration.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A JSON object given to an operation, read member by member; what was not read must not be there. */
final class Input {
    private final JsonObject object;
    private final Set<String> known = new HashSet<>();

    Input(JsonObject object) {
        this.object = object;
    }

    String text(String field) {
        return optionalText(field).orElseThrow(() -> new InvalidInput(field, "must be given"));
    }

    Optional<String> optionalText(String field) {
        Object value = value(field);
        if (value != null && !(value instanceof String)) {
            throw new InvalidInput(field, "must be a string");
        }
        if (value != null) {
            requireText(field, (String) value);
        }
        return Optional.ofNullable((String) value);
    }

    /** What no text in the database can hold: NUL, and half of a pair of surrogates. */
    static void requireText(String field, String text) {
        if (text.codePoints().anyMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE)) {
            throw new InvalidInput(field, "must not hold a NUL or half a character");
        }
    }

    boolean flag(String field) {
        return optionalFlag(field).orElse(false);
    }

    Optional<Boolean> optionalFlag(String field) {
        Object value = value(field);
        if (value != null && !(value instanceof Boolean)) {
            throw new InvalidInput(field, "must be true or false");
        }
        return Optional.ofNullable((Boolean) value);
    }

    /** A time in the future. */
    Optional<Instant> future(String field) {
        return optionalText(field).map(text -> {
            try {
                Instant time = Instant.parse(text);
                if (time.isBefore(Instant.now()) || time.isAfter(Instant.parse("9999-12-31T00:00:00Z"))) {
                    throw new InvalidInput(field, "must be in the future");
                }
                return time;
            } catch (DateTimeParseException e) {
                throw new InvalidInput(field, "must be a time like 2030-01-31T00:00:00Z");
            }
        });
    }

    /** State, limits, protocols and referral of a tenant or an account. */
    Rules.Change rules(Predicate<Limit> which) {
        return new Rules.Change(
                optionalText("state").map(text -> state("state", text)), limits(which), protocols(), referral());
    }

    /** The outer Optional: whether it is given at all; null stands for none. */
    private Optional<Optional<String>> referral() {
        Optional<String> server = optionalText("referral").map(text -> Names.server("referral", text));
        return object.containsKey("referral") ? Optional.of(server) : Optional.empty();
    }

    static State state(String field, String text) {
        for (State state : List.of(State.ACTIVE, State.SUSPENDED, State.DELETED)) {
            if (state.text().equals(text)) {
                return state;
            }
        }
        throw new InvalidInput(field, Names.quoted(text) + " is none of active, suspended, deleted");
    }

    private Map<Limit, Long> limits(Predicate<Limit> which) {
        Object value = value("limits");
        if (value != null && !(value instanceof JsonObject)) {
            throw new InvalidInput("limits", "must be an object");
        }
        Map<Limit, Long> limits = new EnumMap<>(Limit.class);
        if (value != null) {
            for (Map.Entry<String, Object> entry : (JsonObject) value) {
                limits.put(limit(entry.getKey(), which), most(entry.getKey(), entry.getValue()));
            }
        }
        return limits;
    }

    private static Limit limit(String name, Predicate<Limit> which) {
        return Arrays.stream(Limit.values())
                .filter(which)
                .filter(limit -> limit.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInput(
                        "limits." + name,
                        "is no limit here; there are "
                                + Arrays.stream(Limit.values())
                                        .filter(which)
                                        .map(Limit::text)
                                        .collect(Collectors.joining(", "))));
    }

    private static long most(String name, Object value) {
        boolean whole = value instanceof Integer || value instanceof Long;
        if (!whole || ((Number) value).longValue() < 0) {
            throw new InvalidInput("limits." + name, "must be a whole number, 0 for no limit");
        }
        return ((Number) value).longValue();
    }

    /** The outer Optional: whether it is given at all; null stands for all. */
    private Optional<Optional<List<String>>> protocols() {
        if (!object.containsKey("protocols")) {
            known.add("protocols");
            return Optional.empty();
        }
        Object value = value("protocols");
        return Optional.of(value == null ? Optional.empty() : Optional.of(List.copyOf(some(value, Protocols.ALL))));
    }

    /** Those that an app password is for; empty for all. */
    Set<String> loginProtocols() {
        Object value = value("protocols");
        return value == null ? Set.of() : new TreeSet<>(some(value, List.of(Protocols.IMAP, Protocols.POP3)));
    }

    private static List<String> some(Object value, List<String> all) {
        if (!(value instanceof JsonArray array)) {
            throw new InvalidInput("protocols", "must be an array, or null for all");
        }
        List<String> some = new ArrayList<>();
        for (Object one : array) {
            if (!(one instanceof String name) || !all.contains(name) || some.contains(name)) {
                throw new InvalidInput("protocols", "must name some of " + String.join(", ", all) + ", each once");
            }
            some.add(name);
        }
        return some;
    }

    /** To be called last. */
    void end() {
        for (String field : object.fieldNames()) {
            if (!known.contains(field)) {
                throw new InvalidInput(field, "is not known here");
            }
        }
    }

    private Object value(String field) {
        known.add(field);
        return object.getValue(field);
    }
}
