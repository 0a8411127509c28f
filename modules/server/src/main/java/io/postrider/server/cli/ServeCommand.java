package io.postrider.server.cli;

import io.postrider.server.config.Configuration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code postrider serve} */
@Command(
        name = "serve",
        description = "Runs the server until SIGTERM or SIGINT. The schema must be up to date: see migrate.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private DatabaseArguments database;

    @Override
    public Integer call() {
        Configuration configuration = database.configuration();
        RunningNode.start(configuration, new Shutdown());
        return PostriderCommand.STAYS;
    }
}
