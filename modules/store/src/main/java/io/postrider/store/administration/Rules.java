package io.postrider.store.administration;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tenant or an account may: its state, limits and protocols, and where it is served if not here.
 *
 * @param limits every one that there is
 * @param protocols those that may be used; empty for all
 * @param referral the server that its mail is kept on, {@code host} or {@code host:port}; empty where that is here
 */
public record Rules(
        State state,
        Instant stateSince,
        Map<Limit, Long> limits,
        Optional<List<String>> protocols,
        Optional<String> referral) {
    /**
     * What is to be changed; what is not named stays, or is without limit when it is new.
     *
     * @param protocols an empty Optional inside for all
     * @param referral an empty Optional inside for none
     */
    public record Change(
            Optional<State> state,
            Map<Limit, Long> limits,
            Optional<Optional<List<String>>> protocols,
            Optional<Optional<String>> referral) {
        public static final Change NONE = new Change(Optional.empty(), Map.of(), Optional.empty(), Optional.empty());

        public static Change to(State state) {
            return new Change(Optional.of(state), Map.of(), Optional.empty(), Optional.empty());
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
                change.protocols().orElse(protocols),
                change.referral().orElse(referral));
    }

    /** Adds them to what is told of their owner. */
    JsonObject into(JsonObject owner) {
        JsonObject limited = new JsonObject();
        limits.forEach((limit, most) -> limited.put(limit.text(), most));
        return owner.put("state", state.text())
                .put("stateSince", stateSince.toString())
                .put("limits", limited)
                .put("protocols", protocols.map(JsonArray::new).orElse(null))
                .put("referral", referral.orElse(null));
    }
}
