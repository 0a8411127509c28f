package io.postrider.store.administration;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tenant or an account may: its state, limits and protocols.
 *
 * @param limits every one that there is
 * @param protocols those that may be used; empty for all
 */
public record Rules(State state, Instant stateSince, Map<Limit, Long> limits, Optional<List<String>> protocols) {
    /**
     * What is to be changed; what is not named stays, or is without limit when it is new.
     *
     * @param protocols an empty Optional inside for all
     */
    public record Change(Optional<State> state, Map<Limit, Long> limits, Optional<Optional<List<String>>> protocols) {
        public static final Change NONE = new Change(Optional.empty(), Map.of(), Optional.empty());

        public static Change to(State state) {
            return new Change(Optional.of(state), Map.of(), Optional.empty());
        }
    }

    public Rules with(Change change) {
        Map<Limit, Long> changed = new EnumMap<>(limits);
        changed.putAll(change.limits());
        boolean stays = change.state().isEmpty() || change.state().get() == state;
        return new Rules(
                change.state().orElse(state),
                stays ? stateSince : Instant.now(),
                changed,
                change.protocols().orElse(protocols));
    }

    /** Adds them to what is told of their owner. */
    JsonObject into(JsonObject owner) {
        JsonObject limited = new JsonObject();
        limits.forEach((limit, most) -> limited.put(limit.text(), most));
        return owner.put("state", state.text())
                .put("stateSince", stateSince.toString())
                .put("limits", limited)
                .put("protocols", protocols.map(JsonArray::new).orElse(null));
    }
}
