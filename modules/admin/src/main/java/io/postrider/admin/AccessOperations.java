package io.postrider.admin;

import io.postrider.store.Refusal;
import io.postrider.store.Refusal.Kind;
import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.AuditRecord;
import io.postrider.store.administration.Key;
import io.postrider.store.administration.SessionRecord;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** Keys, sessions and the audit. */
public final class AccessOperations {
    private final Administration.Access access;

    public AccessOperations(Administration administration) {
        this.access = administration.access();
    }

    public Future<Answer> keys(Administrator by, Query query) {
        return access.keys(by, query.page()).map(page -> Answer.of(page, Key::toJson));
    }

    /** The answer holds the key itself, which nobody can find out again. */
    public Future<Answer> addKey(Administrator by, JsonObject body) {
        Input input = new Input(body);
        String label = Names.label("label", input.text("label"));
        Optional<String> tenant = input.optionalText("tenant");
        boolean readOnly = input.flag("readOnly");
        Optional<Instant> expiresAt = input.future("expiresAt");
        input.end();
        String key = ApiKeys.generate();
        return Refused.naming(
                        "tenant",
                        access.addKey(by, tenant, label, readOnly, expiresAt, ApiKeys.digest(key)),
                        Kind.NONEXISTENT,
                        Kind.FORBIDDEN)
                .map(made -> Answer.created(made.toJson().put("key", key)));
    }

    public Future<Answer> revokeKey(Administrator by, String id) {
        long number;
        try {
            number = Long.parseLong(id);
        } catch (NumberFormatException e) {
            return Future.failedFuture(new Refusal(Kind.NONEXISTENT, "No such key: " + Names.quoted(id)));
        }
        return access.revokeKey(by, number).map(Answer.DONE);
    }

    public Future<Answer> sessions(Administrator by, Query query) {
        Optional<String> tenant = query.text("tenant");
        Optional<String> account = query.text("account");
        if (tenant.isPresent() && account.isPresent()) {
            throw new InvalidInput("tenant", "give either tenant or account");
        }
        return Refused.naming(
                        account.isPresent() ? "account" : "tenant",
                        access.sessions(by, tenant, account, query.page()),
                        Kind.NONEXISTENT)
                .map(page -> Answer.of(page, SessionRecord::toJson));
    }

    public Future<Answer> endSession(Administrator by, String id) {
        return access.endSession(by, id).map(Answer.DONE);
    }

    /** All of an account. */
    public Future<Answer> endSessions(Administrator by, String account) {
        return access.endSessions(by, account).map(ended -> Answer.of(new JsonObject().put("sessions", ended)));
    }

    public Future<Answer> audit(Administrator by, Query query) {
        Optional<String> tenant = query.text("tenant");
        Optional<String> target = query.text("target");
        return Refused.naming("tenant", access.audit(by, tenant, target, query.page()), Kind.NONEXISTENT)
                .map(page -> Answer.of(page, AuditRecord::toJson));
    }
}
