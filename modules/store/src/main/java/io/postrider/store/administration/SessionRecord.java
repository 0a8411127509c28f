package io.postrider.store.administration;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** A client that is logged in, on whatever node. */
public record SessionRecord(
        String sessionId,
        String account,
        String tenant,
        String protocol,
        String clientAddress,
        String node,
        Instant since) {
    public JsonObject toJson() {
        return new JsonObject()
                .put("id", sessionId)
                .put("account", account)
                .put("tenant", tenant)
                .put("protocol", protocol)
                .put("clientAddress", clientAddress)
                .put("node", node)
                .put("since", since.toString());
    }
}
