package io.postrider.server.cli;

import io.postrider.store.Account;
import io.postrider.store.Directory;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
    private static final int PAGE = 1000;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do with accounts: create, passwd, list, import or app-password");
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
                    .directory()
                    .createAccounts(List.of(new Directory.NewAccount(name, verifier, quota)))));
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
            open.ask(secret.verifier(database.passwords(open))
                    .compose(verifier -> open.store().directory().setPassword(name, verifier)));
        }
        spec.commandLine().getOut().println(name + " has a new password");
        return PostriderCommand.OK;
    }

    @Command(name = "list", description = "Lists accounts by address.", mixinStandardHelpOptions = true)
    int list(
            @Mixin DatabaseArguments database,
            @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only this domain's.") String domain,
            @Option(names = "--json", description = "As JSON, one object a line.") boolean json) {
        String only = domain == null ? "" : Addresses.domain(domain);
        PrintWriter out = spec.commandLine().getOut();
        try (OpenStore open = OpenStore.open(database)) {
            String after = "";
            while (true) {
                List<Account> page = open.ask(open.store().directory().accounts(only, after, PAGE));
                page.forEach(account -> out.println(json ? asJson(account) : asText(account)));
                if (page.size() < PAGE) {
                    return PostriderCommand.OK;
                }
                after = page.get(page.size() - 1).address();
            }
        }
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

    private static String asJson(Account account) {
        return new JsonObject()
                .put("address", account.address())
                .put("active", account.active())
                .put("octetLimit", account.octetLimit())
                .encode();
    }

    private static String asText(Account account) {
        String quota = account.octetLimit() == 0 ? "no quota" : account.octetLimit() + " octets";
        return String.format(
                Locale.ROOT, "%-50s %s%s", account.address(), quota, account.active() ? "" : "  suspended");
    }
}
