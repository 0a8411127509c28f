package io.postrider.server.cli;

import io.postrider.server.Problem;
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

/** {@code postrider domain} */
@Command(name = "domain", description = "The domains that mail is kept for.", mixinStandardHelpOptions = true)
final class DomainCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with domains: add, remove or list");
    }

    @Command(
            name = "add",
            description = "Adds a domain, and its tenant if that is new.",
            mixinStandardHelpOptions = true)
    int add(
            @Mixin DatabaseArguments database,
            @Parameters(paramLabel = "DOMAIN") String domain,
            @Option(
                            names = "--tenant",
                            paramLabel = "NAME",
                            description = "Whose it is; the domain's own name if not given.")
                    String tenant) {
        String name = Addresses.domain(domain);
        String owner = tenant == null ? name : tenant;
        try (Administering open = Administering.on(database)) {
            if (TenantCommand.isThere(open, open.tenants().domain(open.by(), name))) {
                throw new Problem("The domain " + name + " is there already");
            }
            if (!TenantCommand.isThere(open, open.tenants().get(open.by(), owner))) {
                open.ask(open.tenants().put(open.by(), owner, new JsonObject()));
            }
            open.ask(open.tenants().putDomain(open.by(), name, new JsonObject().put("tenant", owner)));
        }
        spec.commandLine().getOut().println(name + " added");
        return PostriderCommand.OK;
    }

    @Command(
            name = "remove",
            description = "Removes a domain that has neither accounts nor addresses.",
            mixinStandardHelpOptions = true)
    int remove(@Mixin DatabaseArguments database, @Parameters(paramLabel = "DOMAIN") String domain) {
        try (Administering open = Administering.on(database)) {
            open.ask(open.tenants().removeDomain(open.by(), domain));
        }
        spec.commandLine().getOut().println(domain + " removed");
        return PostriderCommand.OK;
    }

    @Command(name = "list", description = "Lists domains.", mixinStandardHelpOptions = true)
    int list(
            @Mixin DatabaseArguments database,
            @Mixin Table table,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Only this one's.") String tenant) {
        Map<String, String> filters = new HashMap<>();
        filters.put("tenant", tenant);
        try (Administering open = Administering.on(database);
                Table.Rows rows = table.of("name", "tenant", "accounts")) {
            open.each(filters, query -> open.tenants().domains(open.by(), query), rows);
        }
        return PostriderCommand.OK;
    }
}
