package io.postrider.store.administration;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** An account as administrators see it. */
public record AccountRecord(
        long accountId, long tenantId, String tenant, String domain, String address, Rules rules, Instant createdAt) {
    public JsonObject toJson() {
        return rules.into(new JsonObject()
                        .put("address", address)
                        .put("tenant", tenant)
                        .put("domain", domain))
                .put("createdAt", createdAt.toString());
    }
}
