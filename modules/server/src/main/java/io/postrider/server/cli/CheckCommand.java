package io.postrider.server.cli;

import io.postrider.admin.Answer;
import io.postrider.admin.InvalidInput;
import io.postrider.admin.Query;
import io.postrider.server.Failures;
import io.postrider.server.Problem;
import io.postrider.server.config.ConfigurationException;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code postrider check} */
@Command(
        name = "check",
        description = {
            "Counts anew what is kept of mail: counters, UIDs, MODSEQs, sizes, octets. Servers may run meanwhile.",
            "A line for each difference. Exit status: 0 there is none, 1 there are some, 2 it could not be found out."
        },
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    private static final int DIFFERENCES = 1;
    private static final int CANNOT = 2;
    /** From so many accounts on it says how far it has come. */
    private static final int LONG_WORK = 50;

    @Mixin
    private DatabaseArguments database;

    @Option(names = "--tenant", paramLabel = "NAME", description = "This tenant alone.")
    private String tenant;

    @Option(names = "--account", paramLabel = "ADDRESS", description = "This account alone.")
    private String account;

    @Option(
            names = "--repair",
            description = {
                "Mends what can be derived from what is there, behind each mailbox's lock, and says so.",
                "Nothing that a message might need is thrown away. The exit status is that of what was found."
            })
    private boolean repair;

    @Option(names = "--json", description = "As JSON, one object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private long found;
    private long left;

    @Override
    public Integer call() {
        if (tenant != null && account != null) {
            throw new ParameterException(spec.commandLine(), "give either --tenant or --account");
        }
        try (Administering open = Administering.on(database)) {
            int accounts = check(open);
            if (!json) {
                spec.commandLine().getOut().println(summary(accounts));
            }
        } catch (ParameterException | ConfigurationException | InvalidInput e) {
            throw e;
        } catch (RuntimeException e) {
            boolean foreseen = e instanceof Problem || e instanceof Refusal;
            spec.commandLine().getErr().println("postrider: " + (foreseen ? e.getMessage() : Failures.oneLine(e)));
            return CANNOT;
        }
        return found == 0 ? PostriderCommand.OK : DIFFERENCES;
    }

    private int check(Administering open) {
        if (account != null) {
            tell(open, open.checks().account(open.by(), account, repair));
            return 1;
        }
        if (tenant != null) {
            tell(open, open.checks().tenant(open.by(), tenant, repair));
        } else {
            names(open, "name", Map.of(), query -> open.tenants().list(open.by(), query))
                    .forEach(name -> tell(open, open.checks().tenant(open.by(), name, repair)));
        }
        Map<String, String> filters = new HashMap<>();
        filters.put("tenant", tenant);
        List<String> addresses =
                names(open, "address", filters, query -> open.accounts().list(open.by(), query));
        ProgressBar progress = addresses.size() < LONG_WORK
                ? null
                : new ProgressBar(spec.commandLine().getErr(), addresses.size());
        for (String address : addresses) {
            tellUnlessGone(open, address);
            if (progress != null) {
                progress.add(1);
            }
        }
        return addresses.size();
    }

    private static List<String> names(
            Administering open, String member, Map<String, String> filters, Function<Query, Future<Answer>> list) {
        List<String> names = new ArrayList<>();
        open.each(filters, list, item -> names.add(item.getString(member)));
        return names;
    }

    /** It was there when they were listed. */
    private void tellUnlessGone(Administering open, String address) {
        try {
            tell(open, open.checks().account(open.by(), address, repair));
        } catch (Refusal refusal) {
            if (refusal.kind() != Refusal.Kind.NONEXISTENT) {
                throw refusal;
            }
        }
    }

    private void tell(Administering open, Future<Answer> check) {
        JsonArray differences = open.askForLong(check).getJsonArray("differences");
        for (int i = 0; i < differences.size(); i++) {
            JsonObject difference = differences.getJsonObject(i);
            found++;
            if (!difference.getString("mend").equals("done")) {
                left++;
            }
            spec.commandLine().getOut().println(json ? difference.encode() : line(difference));
        }
        spec.commandLine().getOut().flush();
    }

    private String line(JsonObject difference) {
        StringBuilder line = new StringBuilder(difference.getString("tenant"));
        for (String member : List.of("account", "mailbox")) {
            if (difference.getString(member) != null) {
                line.append(' ').append(difference.getString(member));
            }
        }
        line.append(": ").append(difference.getString("what"));
        line.append(": kept ").append(difference.getString("kept"));
        line.append(", counted ").append(difference.getString("counted"));
        switch (difference.getString("mend")) {
            case "done" -> line.append("; mended");
            case "impossible" -> line.append("; cannot be mended");
            default -> {}
        }
        // A mailbox's name may hold what acts upon a terminal.
        return line.toString().replaceAll("\\p{Cntrl}", "?");
    }

    private String summary(int accounts) {
        String checked = accounts + (accounts == 1 ? " account checked: " : " accounts checked: ");
        if (found == 0) {
            return checked + "no difference";
        }
        String differences = checked + found + (found == 1 ? " difference" : " differences");
        return repair ? differences + ", " + (found - left) + " mended" : differences;
    }
}
