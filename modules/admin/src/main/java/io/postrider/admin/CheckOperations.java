package io.postrider.admin;

import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Difference;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Recounts of what is kept. To look changes nothing; to mend changes what was found, and nothing a message might need. */
public final class CheckOperations {
    private final Administration.Checks checks;

    public CheckOperations(Administration administration) {
        this.checks = administration.checks();
    }

    /** @param mend what can be */
    public Future<Answer> tenant(Administrator by, String name, boolean mend) {
        return checks.tenant(by, name, mend).map(CheckOperations::answer);
    }

    /** @param mend what can be */
    public Future<Answer> account(Administrator by, String address, boolean mend) {
        return checks.account(by, address, mend).map(CheckOperations::answer);
    }

    private static Answer answer(List<Difference> found) {
        return Answer.of(new JsonObject()
                .put(
                        "differences",
                        new JsonArray(found.stream().map(Difference::toJson).toList())));
    }
}
