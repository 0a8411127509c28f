package io.postrider.server.cli;

import io.postrider.server.Problem;
import io.postrider.server.maildir.MaildirImport;
import io.postrider.server.maildir.MaildirImport.Result;
import io.postrider.store.Account;
import io.postrider.store.Directory;
import io.postrider.store.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postrider import} */
@Command(name = "import", description = "Mail that moves in from another server.", mixinStandardHelpOptions = true)
final class ImportCommand implements Runnable {
    private static final int PAGE = 1000;
    /** Mailboxes whose other UIDs are told of by name. */
    private static final int NAMED = 20;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to import: maildir");
    }

    @Command(
            name = "maildir",
            description =
                    "Imports Maildirs into accounts that are there: messages with flags, dates and subscriptions, and"
                            + " with their UIDs where Dovecot's index files have them. It may be repeated, and goes on where it ended.",
            mixinStandardHelpOptions = true)
    int maildir(
            @Mixin DatabaseArguments database,
            @Parameters(
                            paramLabel = "PATH",
                            description =
                                    "Where the Maildirs are, with %%u for an account's address, %%n for what stands"
                                            + " before its @ and %%d for its domain; without any, the one of --account.")
                    String path,
            @Option(names = "--account", paramLabel = "ADDRESS", description = "This account alone.") String address,
            @Option(names = "--domain", paramLabel = "DOMAIN", description = "Accounts of this domain alone.")
                    String domain) {
        if (address == null && !path.contains("%")) {
            throw new ParameterException(
                    spec.commandLine(), "PATH has none of %u, %n and %d in it: say by --account whose Maildir it is");
        }
        if (address != null && domain != null) {
            throw new ParameterException(spec.commandLine(), "give either --account or --domain");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (OpenStore open = OpenStore.open(database)) {
            Map<Account, Path> maildirs = maildirs(accounts(open, address, domain), path, address != null);
            return all(open, maildirs, out);
        } catch (IOException e) {
            throw new Problem(e.getMessage(), e);
        }
    }

    private static List<Account> accounts(OpenStore open, String address, String domain) {
        Directory directory = open.store().directory();
        if (address != null) {
            String name = Addresses.address(address);
            return List.of(open.ask(directory.login(name))
                    .map(Directory.Login::account)
                    .orElseThrow(() -> new Problem("no such account: " + name)));
        }
        List<Account> accounts = new ArrayList<>();
        String of = domain == null ? "" : Addresses.domain(domain);
        List<Account> page = open.ask(directory.accounts(of, "", PAGE));
        while (!page.isEmpty()) {
            accounts.addAll(page);
            page = open.ask(directory.accounts(of, page.get(page.size() - 1).address(), PAGE));
        }
        return accounts;
    }

    /** @param must whether an account without one is a mistake */
    private static Map<Account, Path> maildirs(List<Account> accounts, String path, boolean must) {
        Map<Account, Path> maildirs = new LinkedHashMap<>();
        for (Account account : accounts) {
            int at = account.address().lastIndexOf('@');
            Path maildir = Path.of(path.replace("%u", account.address())
                    .replace("%n", account.address().substring(0, at))
                    .replace("%d", account.address().substring(at + 1)));
            if (must || Files.isDirectory(maildir)) {
                maildirs.put(account, maildir);
            }
        }
        if (maildirs.isEmpty()) {
            throw new Problem("no account has a Maildir at " + path);
        }
        return maildirs;
    }

    private int all(OpenStore open, Map<Account, Path> maildirs, PrintWriter out) throws IOException {
        int total = 0;
        for (Path maildir : maildirs.values()) {
            total += MaildirImport.count(maildir);
        }
        ProgressBar progress = new ProgressBar(out, total);
        MaildirImport importer = new MaildirImport(open.store(), open::ask, progress::add);
        List<String> otherUids = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        int imported = 0;
        int existing = 0;
        int kept = 0;
        for (Map.Entry<Account, Path> each : maildirs.entrySet()) {
            try {
                Result result = importer.run(each.getKey(), each.getValue());
                imported += result.imported();
                existing += result.existing();
                kept += result.keptUids();
                otherUids.addAll(result.otherUids());
            } catch (Refusal | IOException e) {
                failed.add(each.getKey().address() + ": " + e.getMessage());
            }
        }
        out.println(
                messages(imported) + " imported into " + (maildirs.size() - failed.size()) + " of " + maildirs.size()
                        + " accounts" + (existing == 0 ? "" : ", " + existing + " there already") + "; " + kept
                        + " mailboxes kept their UIDs");
        if (!otherUids.isEmpty()) {
            out.println("UIDs could not be kept, since other mail had come before, in: "
                    + String.join(", ", otherUids.subList(0, Math.min(NAMED, otherUids.size())))
                    + (otherUids.size() > NAMED ? " and " + (otherUids.size() - NAMED) + " more" : ""));
        }
        out.flush();
        failed.forEach(line -> spec.commandLine().getErr().println("postrider: " + line));
        spec.commandLine().getErr().flush();
        return failed.isEmpty() ? PostriderCommand.OK : PostriderCommand.FAILED;
    }

    private static String messages(int count) {
        return count + (count == 1 ? " message" : " messages");
    }
}
