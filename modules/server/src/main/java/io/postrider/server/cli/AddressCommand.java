package io.postrider.server.cli;

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

/** {@code postrider address} */
@Command(
        name = "address",
        description = "Aliases, and catch-alls: @example.com is whatever nobody else gets at example.com.",
        mixinStandardHelpOptions = true)
final class AddressCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with addresses: set, remove or list");
    }

    @Command(
            name = "set",
            description = "Gives an address to an account of the same tenant, whether it is new or another's.",
            mixinStandardHelpOptions = true)
    int set(
            @Mixin DatabaseArguments database,
            @Parameters(paramLabel = "ADDRESS") String address,
            @Parameters(paramLabel = "ACCOUNT") String account) {
        try (Administering open = Administering.on(database)) {
            open.ask(open.accounts().putAddress(open.by(), address, new JsonObject().put("account", account)));
        }
        spec.commandLine().getOut().println(address + " goes to " + account);
        return PostriderCommand.OK;
    }

    @Command(name = "remove", description = "Takes an alias or a catch-all away.", mixinStandardHelpOptions = true)
    int remove(@Mixin DatabaseArguments database, @Parameters(paramLabel = "ADDRESS") String address) {
        try (Administering open = Administering.on(database)) {
            open.ask(open.accounts().removeAddress(open.by(), address));
        }
        spec.commandLine().getOut().println(address + " removed");
        return PostriderCommand.OK;
    }

    @Command(
            name = "list",
            description = "Lists the addresses of an account or in a domain.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin DatabaseArguments database,
            @Mixin Table table,
            @Option(names = "--account", paramLabel = "ADDRESS", description = "This one's.") String account,
            @Option(names = "--domain", paramLabel = "DOMAIN", description = "All in this one.") String domain) {
        Map<String, String> filters = new HashMap<>();
        filters.put("account", account);
        filters.put("domain", domain);
        try (Administering open = Administering.on(database);
                Table.Rows rows = table.of("address", "account")) {
            open.each(filters, query -> open.accounts().addresses(open.by(), query), rows);
        }
        return PostriderCommand.OK;
    }
}
