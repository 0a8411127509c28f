package io.postrider.store.administration;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * An account as administrators see it.
 *
 * @param quotaAdministrator whether it sets the quotas of its tenant's accounts, by IMAP. RFC 9208 §4.1.3
 */
public record AccountRecord(
        long accountId,
        long tenantId,
        String tenant,
        String domain,
        String address,
        Rules rules,
        boolean quotaAdministrator,
        Instant createdAt) {
    public JsonObject toJson() {
        return rules.into(new JsonObject()
                        .put("address", address)
                        .put("tenant", tenant)
                        .put("domain", domain))
                .put("quotaAdministrator", quotaAdministrator)
                .put("createdAt", createdAt.toString());
    }
}
