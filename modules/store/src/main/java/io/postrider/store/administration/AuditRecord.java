package io.postrider.store.administration;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * What an administrator changed.
 *
 * @param tenant its name, empty when it is nobody's or the tenant is gone
 * @param before what was; empty when it was not there
 * @param after what is; empty when it is gone
 */
public record AuditRecord(
        long auditId,
        Instant at,
        Optional<String> tenant,
        String actor,
        String origin,
        String action,
        String target,
        Optional<JsonObject> before,
        Optional<JsonObject> after) {
    public JsonObject toJson() {
        return new JsonObject()
                .put("id", String.valueOf(auditId))
                .put("at", at.toString())
                .put("tenant", tenant.orElse(null))
                .put("actor", actor)
                .put("origin", origin)
                .put("action", action)
                .put("target", target)
                .put("before", before.orElse(null))
                .put("after", after.orElse(null));
    }
}
