package io.postrider.server.cli;

import io.postrider.store.Directory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
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
        throw new ParameterException(spec.commandLine(), "say what to do with domains: add or list");
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
        try (OpenStore open = OpenStore.open(database)) {
            open.ask(open.store().directory().addDomain(name, tenant == null ? name : tenant));
        }
        spec.commandLine().getOut().println(name + " added");
        return PostriderCommand.OK;
    }

    @Command(name = "list", description = "Lists domains.", mixinStandardHelpOptions = true)
    int list(
            @Mixin DatabaseArguments database,
            @Option(names = "--json", description = "As a JSON array.") boolean json) {
        List<Directory.Domain> domains;
        try (OpenStore open = OpenStore.open(database)) {
            domains = open.ask(open.store().directory().domains());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonArray array = new JsonArray();
            domains.forEach(domain -> array.add(new JsonObject()
                    .put("name", domain.name())
                    .put("tenant", domain.tenant())
                    .put("accounts", domain.accounts())));
            out.println(array.encode());
        } else {
            domains.forEach(domain -> out.println(String.format(
                    Locale.ROOT, "%-40s tenant %-30s %d accounts", domain.name(), domain.tenant(), domain.accounts())));
        }
        return PostriderCommand.OK;
    }
}
