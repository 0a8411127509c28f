package io.postrider.server.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** A command run to its end in this JVM, as a shell would see it. */
record CommandRun(int status, String out, String err) {
    static CommandRun of(String... arguments) {
        return withInput("", arguments);
    }

    static CommandRun withInput(String input, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine =
                PostriderCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return new CommandRun(commandLine.execute(arguments), out.toString(), err.toString());
        } finally {
            System.setIn(before);
        }
    }

    /** The one line of what went wrong. */
    String problem() {
        if (err.lines().count() != 1 || err.contains("\tat ")) {
            throw new AssertionError("not one line: " + err);
        }
        return err.strip();
    }
}
