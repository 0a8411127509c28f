package io.postrider.admin;

import io.postrider.store.administration.Page;
import io.postrider.store.administration.State;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a list is asked for with: filters, and where its page begins. */
public final class Query {
    public static final Query ALL = new Query(Map.of());

    private static final int USUAL_LIMIT = 100;

    private final Map<String, String> parameters;
    private final Set<String> known = new HashSet<>();

    public Query(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    Optional<String> text(String name) {
        known.add(name);
        return Optional.ofNullable(parameters.get(name));
    }

    Optional<State> state() {
        return text("state").map(text -> Input.state("state", text));
    }

    /** To be called last: what was not asked for must not be there. */
    Page.From page() {
        int limit = text("limit").map(Query::limit).orElse(USUAL_LIMIT);
        String after = text("after").map(Query::cursor).orElse("");
        for (String name : parameters.keySet()) {
            if (!known.contains(name)) {
                throw new InvalidInput(name, "is not known here");
            }
        }
        return new Page.From(after, limit);
    }

    /** What stands for the last item of a page, and means nothing to anybody else. */
    static String cursor(Optional<String> next) {
        return next.map(key ->
                        Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8)))
                .orElse(null);
    }

    private static String cursor(String given) {
        try {
            String key = new String(Base64.getUrlDecoder().decode(given), StandardCharsets.UTF_8);
            if (key.indexOf('\0') < 0 && key.indexOf('\uFFFD') < 0) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new InvalidInput("after", "is not what \"next\" of the page before said");
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= Page.MAX) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new InvalidInput("limit", "must be a number from 1 to " + Page.MAX);
    }
}
