package io.postrider.admin;

import io.postrider.store.Refusal.Kind;
import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administration.PasswordKinds;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Domain;
import io.postrider.store.administration.Rules;
import io.postrider.store.administration.State;
import io.postrider.store.administration.Tenant;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Tenants and domains. */
public final class TenantOperations {
    private final Administration.Tenants tenants;

    public TenantOperations(Administration administration) {
        this.tenants = administration.tenants();
    }

    public Future<Answer> list(Administrator by, Query query) {
        Optional<State> state = query.state();
        return tenants.list(by, state, query.page()).map(page -> Answer.of(page, Tenant::toJson));
    }

    public Future<Answer> get(Administrator by, String name) {
        return tenants.get(by, name).map(Tenant::toJson).map(Answer::of);
    }

    public Future<Answer> put(Administrator by, String name, JsonObject body) {
        Input input = new Input(body);
        Rules.Change change = input.rules(limit -> true);
        input.end();
        return tenants.put(by, Names.tenant("tenant", name), change).map(put -> Answer.of(put, Tenant::toJson));
    }

    public Future<Answer> delete(Administrator by, String name) {
        return tenants.get(by, name)
                .compose(there -> tenants.put(by, there.name(), Rules.Change.to(State.DELETED)))
                .map(Answer.DONE);
    }

    public Future<Answer> usage(Administrator by, String name) {
        return tenants.usage(by, name).map(usage -> Answer.of(usage.toJson()));
    }

    public Future<Answer> passwordKinds(Administrator by, String name) {
        return tenants.passwordKinds(by, name).map(kinds -> Answer.of(kinds.toJson()));
    }

    public Future<Answer> allow(Administrator by, String name, JsonObject body) {
        Input input = new Input(body);
        PasswordKinds kinds = new PasswordKinds(input.flag("argon2id"), input.flag("scram"));
        input.end();
        if (!kinds.argon2id() && !kinds.scram()) {
            throw new InvalidInput("argon2id", "one of argon2id and scram must be true");
        }
        return tenants.allow(by, name, kinds).map(v -> Answer.of(kinds.toJson()));
    }

    public Future<Answer> domains(Administrator by, Query query) {
        Optional<String> tenant = query.text("tenant");
        return Refused.naming("tenant", tenants.domains(by, tenant, query.page()), Kind.NONEXISTENT)
                .map(page -> Answer.of(page, Domain::toJson));
    }

    public Future<Answer> domain(Administrator by, String name) {
        return tenants.domain(by, name).map(Domain::toJson).map(Answer::of);
    }

    public Future<Answer> putDomain(Administrator by, String name, JsonObject body) {
        Input input = new Input(body);
        String tenant = input.text("tenant");
        input.end();
        String domain = Names.domain("domain", name);
        return Refused.naming("tenant", tenants.putDomain(by, domain, tenant), Kind.NONEXISTENT)
                .map(put -> Answer.of(put, Domain::toJson));
    }

    public Future<Answer> removeDomain(Administrator by, String name) {
        return tenants.removeDomain(by, name).map(Answer.DONE);
    }
}
