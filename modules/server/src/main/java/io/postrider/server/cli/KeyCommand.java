package io.postrider.server.cli;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postrider key} */
@Command(name = "key", description = "Keys of the REST API.", mixinStandardHelpOptions = true)
final class KeyCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with keys: create, revoke or list");
    }

    @Command(
            name = "create",
            description = "Makes a key and prints it, this once, and nothing else.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin DatabaseArguments database,
            @Parameters(paramLabel = "LABEL", description = "What it is called in the audit.") String label,
            @Option(
                            names = "--tenant",
                            paramLabel = "NAME",
                            description = "For this tenant alone, rather than the whole installation.")
                    String tenant,
            @Option(names = "--read-only", description = "It changes nothing.") boolean readOnly,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            description = "Until when it works: 2030-01-31T00:00:00Z. Without: for ever.")
                    String expires) {
        JsonObject body = new JsonObject().put("label", label).put("readOnly", readOnly);
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        if (expires != null) {
            body.put("expiresAt", expires);
        }
        try (Administering open = Administering.on(database)) {
            spec.commandLine()
                    .getOut()
                    .println(open.ask(open.access().addKey(open.by(), body)).getString("key"));
        }
        return PostriderCommand.OK;
    }

    @Command(name = "revoke", description = "Makes a key work no more, at once.", mixinStandardHelpOptions = true)
    int revoke(@Mixin DatabaseArguments database, @Parameters(paramLabel = "ID") String id) {
        try (Administering open = Administering.on(database)) {
            open.ask(open.access().revokeKey(open.by(), id));
        }
        spec.commandLine().getOut().println("key " + id + " revoked");
        return PostriderCommand.OK;
    }

    @Command(name = "list", description = "Lists keys, without what makes them such.", mixinStandardHelpOptions = true)
    int list(@Mixin DatabaseArguments database, @Mixin Table table) {
        try (Administering open = Administering.on(database);
                Table.Rows rows = table.of("id", "label", "tenant", "readOnly", "expiresAt")) {
            open.each(Map.of(), query -> open.access().keys(open.by(), query), rows);
        }
        return PostriderCommand.OK;
    }
}
