package io.postrider.server.cli;

import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postrider session} */
@Command(name = "session", description = "Clients that are logged in, on all nodes.", mixinStandardHelpOptions = true)
final class SessionCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with sessions: list or end");
    }

    @Command(name = "list", description = "Lists sessions.", mixinStandardHelpOptions = true)
    int list(
            @Mixin DatabaseArguments database,
            @Mixin Table table,
            @Option(names = "--account", paramLabel = "ADDRESS", description = "Only this one's.") String account,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Only this one's.") String tenant) {
        Map<String, String> filters = new HashMap<>();
        filters.put("account", account);
        filters.put("tenant", tenant);
        try (Administering open = Administering.on(database);
                Table.Rows rows = table.of("id", "account", "protocol", "clientAddress", "node", "since")) {
            open.each(filters, query -> open.access().sessions(open.by(), query), rows);
        }
        return PostriderCommand.OK;
    }

    @Command(
            name = "end",
            description = "Ends a session, or all of an account, on whatever node.",
            mixinStandardHelpOptions = true)
    int end(
            @Mixin DatabaseArguments database,
            @Parameters(paramLabel = "ID", arity = "0..1") String id,
            @Option(names = "--account", paramLabel = "ADDRESS", description = "All of this one's.") String account) {
        if ((id == null) == (account == null)) {
            throw new ParameterException(spec.commandLine(), "give either ID or --account");
        }
        try (Administering open = Administering.on(database)) {
            if (id != null) {
                open.ask(open.access().endSession(open.by(), id));
                spec.commandLine().getOut().println("session " + id + " ended");
            } else {
                long ended =
                        open.ask(open.access().endSessions(open.by(), account)).getLong("sessions");
                spec.commandLine().getOut().println(ended + (ended == 1 ? " session ended" : " sessions ended"));
            }
        }
        return PostriderCommand.OK;
    }
}
