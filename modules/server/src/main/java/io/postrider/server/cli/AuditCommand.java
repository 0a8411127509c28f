package io.postrider.server.cli;

import io.postrider.admin.Query;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code postrider audit} */
@Command(
        name = "audit",
        description = "What administrators changed: who, what, when and from where, the latest first.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    @Mixin
    private DatabaseArguments database;

    @Mixin
    private Table table;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Only about this one.")
    private String tenant;

    @Option(names = "--target", paramLabel = "NAME", description = "Only about this address, domain, tenant or key.")
    private String target;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Lines, at most 1000. Default: ${DEFAULT-VALUE}")
    private String limit;

    @Override
    public Integer call() {
        Map<String, String> parameters = new HashMap<>();
        parameters.put("limit", limit);
        if (tenant != null) {
            parameters.put("tenant", tenant);
        }
        if (target != null) {
            parameters.put("target", target);
        }
        try (Administering open = Administering.on(database);
                Table.Rows rows = table.of("at", "actor", "origin", "action", "target", "change")) {
            JsonArray items = open.ask(open.access().audit(open.by(), new Query(parameters)))
                    .getJsonArray("items");
            for (int i = 0; i < items.size(); i++) {
                rows.accept(withChange(items.getJsonObject(i)));
            }
        }
        return PostriderCommand.OK;
    }

    /** What differs between before and after, in a few words. */
    private static JsonObject withChange(JsonObject line) {
        JsonObject before = line.getJsonObject("before");
        JsonObject after = line.getJsonObject("after");
        if (before == null || after == null) {
            return line;
        }
        StringBuilder change = new StringBuilder();
        for (String member : after.fieldNames()) {
            Object was = before.getValue(member);
            Object is = after.getValue(member);
            if (!String.valueOf(was).equals(String.valueOf(is)) && !member.equals("stateSince")) {
                change.append(change.isEmpty() ? "" : "; ")
                        .append(member)
                        .append(": ")
                        .append(was)
                        .append(" → ")
                        .append(is);
            }
        }
        return line.copy().put("change", change.toString());
    }
}
