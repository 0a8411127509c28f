package io.postrider.server.cli;

import io.postrider.server.Logging;
import io.postrider.store.postgres.DatabaseOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code postrider migrate} */
@Command(
        name = "migrate",
        description = "Brings the database's schema to this version; safe to run at any time and from several nodes.",
        mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {
    @Mixin
    private DatabaseArguments database;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Logging.quiet();
        DatabaseOptions options = database.options();
        int applied = OpenStore.migrate(options);
        spec.commandLine()
                .getOut()
                .println("database " + options.place() + ": "
                        + (applied == 0
                                ? "up to date"
                                : applied + (applied == 1 ? " migration" : " migrations") + " applied"));
        return PostriderCommand.OK;
    }
}
