package io.postrider.server;

import io.postrider.server.cli.PostriderCommand;

/** Where the JVM begins. */
public final class Main {
    private Main() {}

    /** Exits with the command's status; a server that came up stays until it is told to stop. */
    public static void main(String[] arguments) {
        int status = PostriderCommand.commandLine().execute(arguments);
        if (status != PostriderCommand.STAYS) {
            System.exit(status);
        }
    }
}
