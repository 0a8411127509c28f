package io.postrider.store.administration;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** A domain that mail is kept for. */
public record Domain(String name, long tenantId, String tenant, long accounts, Instant createdAt) {
    public JsonObject toJson() {
        return new JsonObject()
                .put("name", name)
                .put("tenant", tenant)
                .put("accounts", accounts)
                .put("createdAt", createdAt.toString());
    }
}
