package io.postrider.server.cli;

import io.postrider.net.sasl.Passwords;
import io.postrider.server.Problem;
import io.postrider.server.config.Configuration;
import io.postrider.server.config.Values;
import io.postrider.server.config.YamlFile;
import io.postrider.server.embedded.EmbeddedDatabase;
import io.postrider.store.postgres.DatabaseOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which database, for every command: its own option, the environment, or the configuration file. */
final class DatabaseArguments {
    @Option(
            names = "--database",
            paramLabel = "URL",
            description =
                    "postgresql://user:password@host:port/database. Others can see a command's arguments: rather set"
                            + " POSTRIDER_DATABASE_URL when it holds a password.")
    private String database;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file; deploy/postrider.yaml shows every key.")
    private Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The embedded database of the `postrider demo` that runs on this directory.")
    private Path data;

    Configuration configuration() {
        Values values = new Values();
        if (config != null) {
            YamlFile.read(config, values);
        }
        values.environment(System.getenv());
        if (database != null && data != null) {
            throw new Problem("give either --database or --data");
        }
        if (database != null) {
            values.option("--database", "database.url", database);
        }
        if (data != null) {
            values.option("--data", "database.url", EmbeddedDatabase.urlOfRunning(data));
        }
        return Configuration.of(values);
    }

    /** As the configuration wants them kept. */
    Passwords passwords(OpenStore open) {
        return new Passwords(open.vertx(), configuration().authentication().passwords());
    }

    DatabaseOptions options() {
        return DatabaseOptions.of(configuration()
                .database()
                .url()
                .orElseThrow(() -> new Problem(
                        "no database: give --database, POSTRIDER_DATABASE_URL, or database.url in --config FILE"))
                .value());
    }
}
