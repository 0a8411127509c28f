package io.postrider.store.administration;

import io.vertx.core.json.JsonObject;

/**
 * Something kept that is not what a recount finds.
 *
 * @param tenant its name
 * @param account its address; "" for what is the tenant's
 * @param mailbox its name; "" for what is in none
 * @param what is kept
 * @param kept what it says
 * @param counted what it should say
 */
public record Difference(
        String tenant, String account, String mailbox, String what, String kept, String counted, Mend mend) {
    /** Whether it can be made right from what is there. */
    public enum Mend {
        POSSIBLE,
        DONE,
        /** What it could be derived from is gone. */
        IMPOSSIBLE
    }

    /** The same once it has been made right, where it can be. */
    public Difference mended() {
        return mend == Mend.POSSIBLE ? new Difference(tenant, account, mailbox, what, kept, counted, Mend.DONE) : this;
    }

    public JsonObject toJson() {
        return new JsonObject()
                .put("tenant", tenant)
                .put("account", account.isEmpty() ? null : account)
                .put("mailbox", mailbox.isEmpty() ? null : mailbox)
                .put("what", what)
                .put("kept", kept)
                .put("counted", counted)
                .put("mend", mend.name().toLowerCase(java.util.Locale.ROOT));
    }
}
