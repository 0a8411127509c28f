package io.postrider.admin;

import io.postrider.store.administration.Page;
import io.postrider.store.administration.Put;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/**
 * What an operation gives.
 *
 * @param status of HTTP: 200, 201 when something is new, 204 when there is nothing to say
 * @param body null with 204
 */
public record Answer(int status, JsonObject body) {
    static final Answer DONE = new Answer(204, null);

    static Answer of(JsonObject body) {
        return new Answer(200, body);
    }

    static Answer created(JsonObject body) {
        return new Answer(201, body);
    }

    static <T> Answer of(Put<T> put, Function<T, JsonObject> json) {
        return new Answer(put.created() ? 201 : 200, json.apply(put.value()));
    }

    static <T> Answer of(Page<T> page, Function<T, JsonObject> json) {
        return of(new JsonObject()
                .put("items", new JsonArray(page.items().stream().map(json).toList()))
                .put("next", Query.cursor(page.next())));
    }

    static <T> Answer of(List<T> all, Function<T, JsonObject> json) {
        return of(new JsonObject()
                .put("items", new JsonArray(all.stream().map(json).toList()))
                .put("next", null));
    }
}
