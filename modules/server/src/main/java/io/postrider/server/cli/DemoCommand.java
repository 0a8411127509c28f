package io.postrider.server.cli;

import io.postrider.net.sasl.Passwords;
import io.postrider.server.Logging;
import io.postrider.server.Node;
import io.postrider.server.Problem;
import io.postrider.server.config.Configuration;
import io.postrider.server.config.Listener.Name;
import io.postrider.server.config.Values;
import io.postrider.server.demo.DemoMail;
import io.postrider.server.demo.SelfSignedCertificate;
import io.postrider.server.embedded.EmbeddedDatabase;
import io.postrider.store.Directory;
import io.postrider.store.postgres.DatabaseOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code postrider demo}: what {@code deploy/local/run} starts. */
@Command(
        name = "demo",
        description = {
            "Runs a server to try out, on loopback ports, with a PostgreSQL of its own, a certificate and some mail.",
            "Everything is kept in one directory and is there again at the next start."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int HTTP_PORT = 8080;
    private static final int API_PORT = 8081;
    private static final int MAX_OFFSET = 65_535 - API_PORT;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${sys:postrider.demo.data:-postrider-data}",
            description = "Where all is kept. Default: ${DEFAULT-VALUE}")
    private Path data;

    @Option(names = "--port-offset", paramLabel = "N", defaultValue = "0", description = "Added to each port.")
    private int offset;

    @Option(
            names = "--accounts",
            paramLabel = "FILE.csv",
            description =
                    "More accounts, lines of address,password; those that are there already are left as they are.")
    private Path accounts;

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "postgresql://… of an existing PostgreSQL, 15 or newer, instead of the embedded one.")
    private String database;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (offset < 0 || offset > MAX_OFFSET) {
            throw new ParameterException(spec.commandLine(), "--port-offset must be from 0 to " + MAX_OFFSET);
        }
        // What is printed is to be pasted, wherever one stands.
        data = data.toAbsolutePath().normalize();
        AccountFile file = accounts == null ? null : AccountFile.read(accounts);
        Logging.quiet();
        Shutdown shutdown = new Shutdown();
        SelfSignedCertificate certificate = certificate();
        Configuration configuration = configuration(databaseUrl(shutdown), certificate);
        DatabaseOptions options =
                DatabaseOptions.of(configuration.database().url().orElseThrow().value());
        OpenStore.migrate(options);
        fill(options, file);
        Node node = RunningNode.start(configuration, shutdown);
        print(node, certificate);
        return PostriderCommand.STAYS;
    }

    private SelfSignedCertificate certificate() {
        try {
            Files.createDirectories(data);
            return SelfSignedCertificate.in(data);
        } catch (IOException e) {
            throw new Problem("nothing can be written to " + data + ": " + reason(e), e);
        }
    }

    /** An exception of the file system has no more to say than the path; its name tells the rest. */
    private String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getMessage() + " is no directory";
        }
        return data.toString().equals(e.getMessage()) ? "no directory can be made there" : e.getMessage();
    }

    private String databaseUrl(Shutdown shutdown) {
        if (database != null) {
            return database;
        }
        spec.commandLine().getOut().println("Starting PostgreSQL in " + data + " …");
        EmbeddedDatabase embedded = EmbeddedDatabase.start(data);
        shutdown.push(EmbeddedDatabase.LONGEST_STOP, embedded::close);
        return embedded.url();
    }

    private Configuration configuration(String databaseUrl, SelfSignedCertificate certificate) {
        Values values = new Values()
                .environment(System.getenv())
                .option("--database", "database.url", databaseUrl)
                .option("--data", "tls.certificate", certificate.certificate().toString())
                .option("--data", "tls.key", certificate.key().toString())
                .option("--port-offset", "http.host", LOOPBACK)
                .option("--port-offset", "http.port", String.valueOf(HTTP_PORT + offset))
                .option("--port-offset", "api.enabled", "true")
                .option("--port-offset", "api.host", LOOPBACK)
                .option("--port-offset", "api.port", String.valueOf(API_PORT + offset));
        for (Name name : Name.values()) {
            String prefix = "listeners." + name.key();
            values.option("--port-offset", prefix + ".host", LOOPBACK)
                    .option("--port-offset", prefix + ".port", String.valueOf(1000 + name.usualPort() + offset));
            if (!name.implicitTls() && name != Name.LMTP) {
                // Nothing leaves this machine.
                values.option("--data", prefix + ".plain-text-passwords", "true");
            }
        }
        return Configuration.of(values);
    }

    private void fill(DatabaseOptions options, AccountFile file) {
        try (OpenStore open = OpenStore.open(options)) {
            open.ask(new DemoMail(open.store(), new Passwords(open.vertx())).createOnce());
            if (file != null) {
                addDomains(open, file);
                spec.commandLine()
                        .getOut()
                        .println(new AccountImport(
                                        open,
                                        new Passwords(open.vertx()),
                                        spec.commandLine().getOut())
                                .run(file));
            }
        }
    }

    private void addDomains(OpenStore open, AccountFile file) {
        Set<String> known = open.ask(open.store().directory().domains()).stream()
                .map(Directory.Domain::name)
                .collect(Collectors.toSet());
        file.entries().stream()
                .map(AccountImport::domainOf)
                .distinct()
                .filter(domain -> !known.contains(domain))
                .forEach(domain -> open.ask(open.store().directory().addDomain(domain, domain)));
    }

    private void print(Node node, SelfSignedCertificate certificate) {
        PrintWriter out = spec.commandLine().getOut();
        int imap = node.port(Name.IMAP);
        int imaps = node.port(Name.IMAPS);
        out.println();
        out.println("Postrider runs. Ctrl-C stops it; what it holds stays in "
                + (database == null ? data : "the database") + ".");
        out.println();
        out.println("  IMAP   " + LOOPBACK + ":" + imap + "  (STARTTLS)     IMAPS  " + LOOPBACK + ":" + imaps);
        out.println("  POP3   " + LOOPBACK + ":" + node.port(Name.POP3) + "  (STLS)         POP3S  " + LOOPBACK + ":"
                + node.port(Name.POP3S));
        out.println("  LMTP   " + LOOPBACK + ":" + node.port(Name.LMTP));
        out.println("  HTTP   http://" + LOOPBACK + ":" + node.httpPort() + "/metrics  /health/live  /health/ready");
        out.println("  API    http://" + LOOPBACK + ":" + node.apiPort()
                + "/api/v1  (make a key: postrider key create LABEL)");
        out.println("  Certificate of localhost, to be trusted: " + certificate.certificate());
        out.println();
        out.println("  Login  " + DemoMail.ALICE + "  password " + DemoMail.ALICE_PASSWORD);
        out.println("  Login  " + DemoMail.BOB + "    password " + DemoMail.BOB_PASSWORD);
        out.println();
        out.println("Three lines to try:");
        out.println();
        out.println("  curl -s -u " + DemoMail.ALICE + ":" + DemoMail.ALICE_PASSWORD + " 'imap://" + LOOPBACK + ":"
                + imap + "/INBOX;MAILINDEX=1'");
        out.println("  printf 'a login " + DemoMail.BOB + " " + DemoMail.BOB_PASSWORD
                + "\\nb status INBOX (messages unseen)\\nc logout\\n' | nc " + LOOPBACK + " " + imap);
        out.println("  printf 'a login " + DemoMail.ALICE + " " + DemoMail.ALICE_PASSWORD
                + "\\nb select INBOX\\nc fetch 1:* (flags envelope)\\nd logout\\n' | openssl s_client -quiet -CAfile "
                + certificate.certificate() + " -connect " + LOOPBACK + ":" + imaps);
        out.println();
        out.flush();
    }
}
