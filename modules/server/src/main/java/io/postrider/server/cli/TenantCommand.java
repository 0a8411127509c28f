package io.postrider.server.cli;

import io.postrider.admin.Answer;
import io.postrider.server.Problem;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postrider tenant} */
@Command(
        name = "tenant",
        description = "Companies that share the installation, each with domains of its own.",
        mixinStandardHelpOptions = true)
final class TenantCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do with tenants: create, set, delete, show, usage, passwords or list");
    }

    @Command(name = "create", description = "Makes a tenant.", mixinStandardHelpOptions = true)
    int create(
            @Mixin DatabaseArguments database,
            @Mixin RulesArguments rules,
            @Parameters(paramLabel = "NAME") String name) {
        try (Administering open = Administering.on(database)) {
            if (isThere(open, open.tenants().get(open.by(), name))) {
                throw new Problem("there is a tenant of that name already: " + name);
            }
            open.ask(open.tenants().put(open.by(), name, rules.body()));
        }
        spec.commandLine().getOut().println(name + " created");
        return PostriderCommand.OK;
    }

    @Command(
            name = "set",
            description = "Changes what a tenant may; what is not given stays as it is.",
            mixinStandardHelpOptions = true)
    int set(
            @Mixin DatabaseArguments database,
            @Mixin RulesArguments rules,
            @Mixin Table table,
            @Parameters(paramLabel = "NAME") String name) {
        try (Administering open = Administering.on(database)) {
            open.ask(open.tenants().get(open.by(), name));
            table.print(open.ask(open.tenants().put(open.by(), name, rules.body())));
        }
        return PostriderCommand.OK;
    }

    @Command(
            name = "delete",
            description = {
                "Deletes a tenant with all that is its. Until its grace period is over (deleted.keep),",
                "\"tenant set NAME --state active\" brings everything back."
            },
            mixinStandardHelpOptions = true)
    int delete(@Mixin DatabaseArguments database, @Parameters(paramLabel = "NAME") String name) {
        try (Administering open = Administering.on(database)) {
            open.ask(open.tenants().delete(open.by(), name));
        }
        spec.commandLine().getOut().println(name + " deleted");
        return PostriderCommand.OK;
    }

    @Command(name = "show", description = "Shows a tenant.", mixinStandardHelpOptions = true)
    int show(@Mixin DatabaseArguments database, @Mixin Table table, @Parameters(paramLabel = "NAME") String name) {
        try (Administering open = Administering.on(database)) {
            table.print(open.ask(open.tenants().get(open.by(), name)));
        }
        return PostriderCommand.OK;
    }

    @Command(name = "usage", description = "Counts what a tenant has.", mixinStandardHelpOptions = true)
    int usage(@Mixin DatabaseArguments database, @Mixin Table table, @Parameters(paramLabel = "NAME") String name) {
        try (Administering open = Administering.on(database)) {
            table.print(open.ask(open.tenants().usage(open.by(), name)));
        }
        return PostriderCommand.OK;
    }

    @Command(
            name = "passwords",
            description = {
                "Shows what a tenant lets passwords be kept as, or changes it: what is not given is forbidden then, and",
                "dropped wherever the other is kept."
            },
            mixinStandardHelpOptions = true)
    int passwords(
            @Mixin DatabaseArguments database,
            @Mixin Table table,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--argon2id", description = "Argon2id may be kept.") boolean argon2id,
            @Option(names = "--scram", description = "SCRAM-SHA-256 may be kept.") boolean scram) {
        try (Administering open = Administering.on(database)) {
            if (argon2id || scram) {
                JsonObject kinds = new JsonObject().put("argon2id", argon2id).put("scram", scram);
                open.ask(open.tenants().allow(open.by(), name, kinds));
            }
            table.print(open.ask(open.tenants().passwordKinds(open.by(), name)));
        }
        return PostriderCommand.OK;
    }

    @Command(name = "list", description = "Lists tenants by name.", mixinStandardHelpOptions = true)
    int list(
            @Mixin DatabaseArguments database,
            @Mixin Table table,
            @Option(names = "--state", paramLabel = "STATE", description = "Only those.") String state) {
        Map<String, String> filters = new HashMap<>();
        filters.put("state", state);
        try (Administering open = Administering.on(database);
                Table.Rows rows = table.of("name", "state", "createdAt")) {
            open.each(filters, query -> open.tenants().list(open.by(), query), rows);
        }
        return PostriderCommand.OK;
    }

    /** Whether what is asked for is there. */
    static boolean isThere(Administering open, Future<Answer> asked) {
        try {
            return open.ask(asked) != null;
        } catch (Refusal refusal) {
            if (refusal.kind() == Refusal.Kind.NONEXISTENT) {
                return false;
            }
            throw refusal;
        }
    }
}
