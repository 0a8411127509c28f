package io.postrider.store.administration;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * A key of the API, without what makes it one.
 *
 * @param tenantId 0 for the whole installation
 * @param tenant its name, empty for the whole installation
 */
public record Key(
        long keyId,
        long tenantId,
        Optional<String> tenant,
        String label,
        boolean readOnly,
        Instant createdAt,
        Optional<Instant> expiresAt) {
    public JsonObject toJson() {
        return new JsonObject()
                .put("id", String.valueOf(keyId))
                .put("tenant", tenant.orElse(null))
                .put("label", label)
                .put("readOnly", readOnly)
                .put("createdAt", createdAt.toString())
                .put("expiresAt", expiresAt.map(Instant::toString).orElse(null));
    }
}
