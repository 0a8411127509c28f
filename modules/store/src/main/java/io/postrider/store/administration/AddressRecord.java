package io.postrider.store.administration;

import io.vertx.core.json.JsonObject;

/**
 * An address that gets mail.
 *
 * @param address "@example.com" for the domain's catch-all
 * @param own whether it is the account's own, which goes only with it
 */
public record AddressRecord(String address, String account, boolean own) {
    public JsonObject toJson() {
        return new JsonObject().put("address", address).put("account", account).put("own", own);
    }
}
