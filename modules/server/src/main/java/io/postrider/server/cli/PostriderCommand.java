package io.postrider.server.cli;

import io.postrider.admin.InvalidInput;
import io.postrider.admin.Refused;
import io.postrider.server.Failures;
import io.postrider.server.Problem;
import io.postrider.server.Version;
import io.postrider.server.config.ConfigurationException;
import io.postrider.store.Refusal;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code postrider}: what stands above its commands. Status 0 is success, 1 failure, 2 wrong usage or configuration. */
@Command(
        name = "postrider",
        description = "A mail server whose state is all in PostgreSQL.",
        mixinStandardHelpOptions = true,
        version = "Postrider " + Version.NUMBER,
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            MigrateCommand.class,
            TenantCommand.class,
            DomainCommand.class,
            AccountCommand.class,
            ImportCommand.class,
            AddressCommand.class,
            KeyCommand.class,
            SessionCommand.class,
            AuditCommand.class,
            CheckCommand.class
        })
public final class PostriderCommand implements Runnable {
    /** The command has left a server behind that runs on. */
    public static final int STAYS = -1;

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    @Spec
    private CommandSpec spec;

    public static CommandLine commandLine() {
        return new CommandLine(new PostriderCommand())
                .setExecutionExceptionHandler(PostriderCommand::failed)
                .setParameterExceptionHandler(PostriderCommand::misused);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do");
    }

    private static int failed(Exception failure, CommandLine commandLine, ParseResult result) {
        if (failure instanceof ConfigurationException configuration) {
            configuration.problems().forEach(problem -> say(commandLine, problem));
            return USAGE;
        }
        if (failure instanceof InvalidInput invalid) {
            say(commandLine, invalid.field() + ": " + invalid.getMessage());
            return USAGE;
        }
        if (failure instanceof Refused refused) {
            say(commandLine, refused.field() + ": " + refused.getMessage());
            return FAILED;
        }
        if (failure instanceof Problem || failure instanceof Refusal) {
            say(commandLine, failure.getMessage());
        } else {
            // Not foreseen: whoever looks for the cause turns the level to debug.
            LoggerFactory.getLogger(PostriderCommand.class).debug("not foreseen", failure);
            say(commandLine, failure.getClass().getSimpleName() + ": " + Failures.oneLine(failure));
        }
        return FAILED;
    }

    private static int misused(ParameterException failure, String[] arguments) {
        CommandLine commandLine = failure.getCommandLine();
        say(commandLine, failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, commandLine.getErr());
        commandLine.getErr().println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
        return USAGE;
    }

    private static void say(CommandLine commandLine, String line) {
        commandLine.getErr().println("postrider: " + line);
        commandLine.getErr().flush();
    }
}
