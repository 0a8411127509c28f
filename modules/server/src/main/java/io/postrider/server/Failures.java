package io.postrider.server;

import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.SchemaException;

/** Turns failures into the one line that an administrator needs. */
public final class Failures {
    private Failures() {}

    /** The first line of the failure's own words. */
    public static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").strip();
    }

    /** Names the database, never its password. */
    public static Problem ofDatabase(DatabaseOptions options, Throwable failure) {
        String why = oneLine(failure);
        boolean named = failure instanceof SchemaException || why.contains(options.place());
        return new Problem(named ? why : "database " + options.place() + ": " + why, failure);
    }

    /** In the words that the other listeners use. */
    static Problem ofHttp(String name, String host, int port, Throwable failure) {
        String why = oneLine(failure);
        if (why.contains("Address already in use")) {
            why = "the port is in use";
        }
        return new Problem("listener " + name + " cannot listen on " + host + " port " + port + ": " + why, failure);
    }
}
