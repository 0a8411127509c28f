package io.postrider.store.administration;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** A company that shares the installation. */
public record Tenant(long tenantId, String name, Rules rules, Instant createdAt) {
    public JsonObject toJson() {
        return rules.into(new JsonObject().put("name", name)).put("createdAt", createdAt.toString());
    }
}
