package io.postrider.store.postgres;

import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.Administration.Checks;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Difference;
import io.postrider.store.administration.Difference.Mend;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** What a check of one account, or of one tenant, has found so far. */
final class Differences {
    private final String tenant;
    private final String account;
    private final List<Difference> found = new ArrayList<>();

    Differences(AccountRecord account) {
        this(account.tenant(), account.address());
    }

    Differences(String tenant, String account) {
        this.tenant = tenant;
        this.account = account;
    }

    /** @param mailbox "" for none */
    void unequal(String mailbox, String what, Object kept, Object counted) {
        if (!Objects.equals(kept, counted)) {
            add(mailbox, what, String.valueOf(kept), String.valueOf(counted), Mend.POSSIBLE);
        }
    }

    void below(String mailbox, String what, long kept, long atLeast) {
        if (kept < atLeast) {
            add(mailbox, what, String.valueOf(kept), String.valueOf(atLeast), Mend.POSSIBLE);
        }
    }

    void add(String mailbox, String what, String kept, String counted, Mend mend) {
        found.add(new Difference(tenant, account, mailbox, what, kept, counted, mend));
    }

    void addAll(Collection<Difference> more) {
        found.addAll(more);
    }

    List<Difference> all() {
        return found;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    boolean isFull() {
        return found.size() >= Checks.MOST;
    }

    List<Difference> mended() {
        return found.stream().map(Difference::mended).toList();
    }

    /** As administrators' changes are: in the transaction that mends. */
    Future<Void> audit(Transaction tx, Administrator by, long tenantId) {
        JsonObject before = new JsonObject();
        JsonObject after = new JsonObject();
        for (Difference each : found) {
            if (each.mend() == Mend.POSSIBLE) {
                String what = each.mailbox().isEmpty() ? each.what() : each.mailbox() + ": " + each.what();
                before.put(what, each.kept());
                after.put(what, each.counted());
            }
        }
        return before.isEmpty()
                ? Future.succeededFuture()
                : Audit.write(
                        tx,
                        by,
                        tenantId,
                        account.isEmpty() ? "tenant.mend" : "account.mend",
                        account.isEmpty() ? tenant : account,
                        before,
                        after);
    }
}
