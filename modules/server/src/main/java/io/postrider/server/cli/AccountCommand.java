package io.postrider.server.cli;

import io.postrider.store.Directory;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postrider account} */
@Command(
        name = "account",
        description = "Accounts and their passwords.",
        subcommands = AppPasswordCommand.class,
        mixinStandardHelpOptions = true)
final class AccountCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do with accounts: create, passwd, set, delete, show, usage, mailboxes, list, import or app-password");
    }

    @Command(
            name = "create",
            description = "Makes an account with INBOX and the usual mailboxes; its domain must be there.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin DatabaseArguments database,
            @Mixin PasswordArgument password,
            @Parameters(paramLabel = "ADDRESS") String address,
            @Option(
                            names = "--quota",
                            paramLabel = "OCTETS",
                            description = "What it may keep; 0, the default, for no limit.")
                    long quota) {
        if (quota < 0) {
            throw new ParameterException(spec.commandLine(), "--quota must not be negative");
        }
        String name = Addresses.address(address);
        PasswordArgument.Given secret = password.read();
        try (OpenStore open = OpenStore.open(database)) {
            open.ask(secret.verifier(database.passwords(open)).compose(verifier -> open.store()
                    .administration()
                    .accounts()
                    .create(Administering.administrator(), List.of(new Directory.NewAccount(name, verifier, quota)))));
        }
        spec.commandLine().getOut().println(name + " created");
        return PostriderCommand.OK;
    }

    @Command(name = "passwd", description = "Gives an account a new password.", mixinStandardHelpOptions = true)
    int passwd(
            @Mixin DatabaseArguments database,
            @Mixin PasswordArgument password,
            @Parameters(paramLabel = "ADDRESS") String address) {
        String name = Addresses.address(address);
        PasswordArgument.Given secret = password.read();
        try (OpenStore open = OpenStore.open(database)) {
            open.ask(secret.verifier(database.passwords(open)).compose(verifier -> open.store()
                    .administration()
                    .accounts()
                    .setPassword(Administering.administrator(), name, verifier)));
        }
        spec.commandLine().getOut().println(name + " has a new password");
        return PostriderCommand.OK;
    }

    @Command(
            name = "set",
            description = "Changes what an account may; what is not given stays as it is.",
            mixinStandardHelpOptions = true)
    int set(
            @Mixin DatabaseArguments database,
            @Mixin RulesArguments rules,
            @Mixin Table table,
            @Parameters(paramLabel = "ADDRESS") String address,
            @Option(
                            names = "--quota-administrator",
                            arity = "1",
                            paramLabel = "true|false",
                            description = "Whether it sets quotas of its tenant's accounts by IMAP.")
                    Boolean quotaAdministrator) {
        JsonObject body = rules.body();
        if (quotaAdministrator != null) {
            body.put("quotaAdministrator", quotaAdministrator);
        }
        try (Administering open = Administering.on(database)) {
            open.ask(open.accounts().get(open.by(), address));
            table.print(open.ask(open.accounts().put(open.by(), address, body)));
        }
        return PostriderCommand.OK;
    }

    @Command(
            name = "delete",
            description = {
                "Deletes an account. Until its grace period is over (deleted.keep) it keeps its mail, and",
                "\"account set ADDRESS --state active\" brings it back."
            },
            mixinStandardHelpOptions = true)
    int delete(@Mixin DatabaseArguments database, @Parameters(paramLabel = "ADDRESS") String address) {
        try (Administering open = Administering.on(database)) {
            open.ask(open.accounts().delete(open.by(), address));
        }
        spec.commandLine().getOut().println(address + " deleted");
        return PostriderCommand.OK;
    }

    @Command(name = "show", description = "Shows an account.", mixinStandardHelpOptions = true)
    int show(
            @Mixin DatabaseArguments database, @Mixin Table table, @Parameters(paramLabel = "ADDRESS") String address) {
        try (Administering open = Administering.on(database)) {
            table.print(open.ask(open.accounts().get(open.by(), address)));
        }
        return PostriderCommand.OK;
    }

    @Command(name = "usage", description = "Shows what an account keeps.", mixinStandardHelpOptions = true)
    int usage(
            @Mixin DatabaseArguments database, @Mixin Table table, @Parameters(paramLabel = "ADDRESS") String address) {
        try (Administering open = Administering.on(database)) {
            table.print(open.ask(open.accounts().usage(open.by(), address)));
        }
        return PostriderCommand.OK;
    }

    @Command(name = "mailboxes", description = "Lists an account's mailboxes.", mixinStandardHelpOptions = true)
    int mailboxes(
            @Mixin DatabaseArguments database, @Mixin Table table, @Parameters(paramLabel = "ADDRESS") String address) {
        try (Administering open = Administering.on(database);
                Table.Rows rows = table.of("name", "messages", "unseen", "octets")) {
            open.each(Map.of(), query -> open.accounts().mailboxes(open.by(), address), rows);
        }
        return PostriderCommand.OK;
    }

    @Command(name = "list", description = "Lists accounts by address.", mixinStandardHelpOptions = true)
    int list(
            @Mixin DatabaseArguments database,
            @Mixin Table table,
            @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only this domain's.") String domain,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Only this tenant's.") String tenant,
            @Option(names = "--state", paramLabel = "STATE", description = "Only those.") String state,
            @Option(names = "--prefix", paramLabel = "TEXT", description = "What the address begins with.")
                    String prefix) {
        Map<String, String> filters = new HashMap<>();
        filters.put("domain", domain);
        filters.put("tenant", tenant);
        filters.put("state", state);
        filters.put("prefix", prefix);
        try (Administering open = Administering.on(database);
                Table.Rows rows = table.of("address", "state", "octetLimit")) {
            open.each(
                    filters,
                    query -> open.accounts().list(open.by(), query),
                    account -> rows.accept(withFormerNames(account)));
        }
        return PostriderCommand.OK;
    }

    /** Scripts may know them. */
    private static JsonObject withFormerNames(JsonObject account) {
        return account.put("active", account.getString("state").equals("active"))
                .put("octetLimit", account.getJsonObject("limits").getLong("octets"));
    }

    @Command(
            name = "import",
            description = {
                "Makes accounts from a file with lines of address,password (a header line or none; fields may be quoted).",
                "With a header line of address,hash the second field is a hash from another server: {SSHA512}..., $6$...,",
                "$2y$..., {SCRAM-SHA-256}...; with address,password,hash each line has one of the two.",
                "With any bad line nothing is imported. Accounts that are there already are left as they are."
            },
            mixinStandardHelpOptions = true)
    int importFile(@Mixin DatabaseArguments database, @Parameters(paramLabel = "FILE.csv") Path file) {
        AccountFile accounts = AccountFile.read(file);
        try (OpenStore open = OpenStore.open(database)) {
            AccountImport.Result result = new AccountImport(
                            open, database.passwords(open), spec.commandLine().getOut())
                    .run(accounts);
            spec.commandLine().getOut().println(result);
        }
        return PostriderCommand.OK;
    }
}
