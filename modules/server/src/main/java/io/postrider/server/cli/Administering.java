package io.postrider.server.cli;

import io.postrider.admin.AccessOperations;
import io.postrider.admin.AccountOperations;
import io.postrider.admin.Answer;
import io.postrider.admin.CheckOperations;
import io.postrider.admin.Query;
import io.postrider.admin.TenantOperations;
import io.postrider.net.sasl.Passwords;
import io.postrider.store.administration.Administrator;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The operations of the API for a command that runs and ends: the same checks, the same audit, without a key. */
final class Administering implements AutoCloseable {
    private static final String PAGE = "1000";

    private final OpenStore open;
    private final Passwords passwords;
    private final Administrator by;

    private Administering(OpenStore open, Passwords passwords) {
        this.open = open;
        this.passwords = passwords;
        this.by = administrator();
    }

    static Administering on(DatabaseArguments database) {
        OpenStore open = OpenStore.open(database);
        return new Administering(open, database.passwords(open));
    }

    /** Who uses this command line, for the audit. */
    static Administrator administrator() {
        return Administrator.ofAll("command line of " + System.getProperty("user.name"), hostName());
    }

    Administrator by() {
        return by;
    }

    TenantOperations tenants() {
        return new TenantOperations(open.store().administration());
    }

    AccountOperations accounts() {
        return new AccountOperations(open.store(), passwords);
    }

    AccessOperations access() {
        return new AccessOperations(open.store().administration());
    }

    CheckOperations checks() {
        return new CheckOperations(open.store().administration());
    }

    /** What an operation gives that takes as long as it takes. */
    JsonObject askForLong(Future<Answer> operation) {
        return open.ask(operation, Long.MAX_VALUE).body();
    }

    /** What the operation gives; null when it has nothing to say. */
    JsonObject ask(Future<Answer> operation) {
        return open.ask(operation).body();
    }

    /** All items of a list, page by page; null filters are left out. */
    void each(Map<String, String> filters, Function<Query, Future<Answer>> list, Consumer<JsonObject> item) {
        Map<String, String> parameters = new HashMap<>();
        filters.forEach((name, value) -> {
            if (value != null) {
                parameters.put(name, value);
            }
        });
        parameters.put("limit", PAGE);
        String next = "";
        while (next != null) {
            JsonObject page = ask(list.apply(new Query(parameters)));
            JsonArray items = page.getJsonArray("items");
            for (int i = 0; i < items.size(); i++) {
                item.accept(items.getJsonObject(i));
            }
            next = page.getString("next");
            parameters.put("after", next);
        }
    }

    @Override
    public void close() {
        open.close();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
