package io.postrider.server.cli;

import io.postrider.net.sasl.AppPasswords;
import io.postrider.store.Credentials.AppPassword;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postrider account app-password} */
@Command(
        name = "app-password",
        description = "Passwords for one program each, that can be taken back one by one.",
        mixinStandardHelpOptions = true)
final class AppPasswordCommand implements Runnable {
    private static final Set<String> PROTOCOLS = Set.of("imap", "pop3");
    private static final int MAX_DAYS = 3650;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with app passwords: create, list or revoke");
    }

    @Command(
            name = "create",
            description = "Makes one and prints it, this once. It works where a password is sent (not with SCRAM).",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin DatabaseArguments database,
            @Parameters(paramLabel = "ADDRESS") String address,
            @Parameters(paramLabel = "LABEL", description = "What it is for: \"Anna's phone\".") String label,
            @Option(
                            names = "--protocol",
                            paramLabel = "NAME",
                            split = ",",
                            description = "imap or pop3; both, unless given.")
                    List<String> protocols,
            @Option(names = "--days", paramLabel = "N", description = "How long it works; for ever, unless given.")
                    Integer days) {
        String name = Addresses.address(address);
        Set<String> allowed = protocols == null ? Set.of() : new TreeSet<>(protocols);
        if (!PROTOCOLS.containsAll(allowed)) {
            throw new ParameterException(spec.commandLine(), "--protocol must be imap or pop3");
        }
        if (days != null && (days < 1 || days > MAX_DAYS)) {
            throw new ParameterException(spec.commandLine(), "--days must be from 1 to " + MAX_DAYS);
        }
        String password = AppPasswords.generate();
        try (OpenStore open = OpenStore.open(database)) {
            open.ask(open.store()
                    .administration()
                    .accounts()
                    .addAppPassword(
                            Administering.administrator(),
                            name,
                            label,
                            AppPasswords.verifier(password),
                            allowed,
                            Optional.ofNullable(days).map(d -> Instant.now().plus(Duration.ofDays(d)))));
        }
        // Nothing else, so that it can be piped on.
        spec.commandLine().getOut().println(password);
        return PostriderCommand.OK;
    }

    @Command(name = "list", description = "Lists an account's app passwords by label.", mixinStandardHelpOptions = true)
    int list(
            @Mixin DatabaseArguments database,
            @Parameters(paramLabel = "ADDRESS") String address,
            @Option(names = "--json", description = "As a JSON array.") boolean json) {
        String name = Addresses.address(address);
        List<AppPassword> all;
        try (OpenStore open = OpenStore.open(database)) {
            all = open.ask(open.store().credentials().appPasswords(name));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonArray array = new JsonArray();
            all.forEach(each -> array.add(asJson(each)));
            out.println(array.encode());
        } else {
            all.forEach(each -> out.println(asText(each)));
        }
        return PostriderCommand.OK;
    }

    @Command(
            name = "revoke",
            description = "Takes one back: it works no more, at once.",
            mixinStandardHelpOptions = true)
    int revoke(
            @Mixin DatabaseArguments database,
            @Parameters(paramLabel = "ADDRESS") String address,
            @Parameters(paramLabel = "LABEL") String label) {
        String name = Addresses.address(address);
        try (OpenStore open = OpenStore.open(database)) {
            open.ask(open.store()
                    .administration()
                    .accounts()
                    .revokeAppPassword(Administering.administrator(), name, label));
        }
        spec.commandLine().getOut().println(label + " revoked");
        return PostriderCommand.OK;
    }

    private static JsonObject asJson(AppPassword each) {
        JsonArray protocols = new JsonArray();
        new TreeSet<>(each.protocols()).forEach(protocols::add);
        return new JsonObject()
                .put("label", each.label())
                .put("protocols", each.protocols().isEmpty() ? null : protocols)
                .put("createdAt", each.createdAt().toString())
                .put("expiresAt", each.expiresAt().map(Instant::toString).orElse(null))
                .put("lastUsedOn", each.lastUsedOn().map(Object::toString).orElse(null));
    }

    private static String asText(AppPassword each) {
        return String.format(
                Locale.ROOT,
                "%-40s %-10s %-24s %s",
                each.label(),
                each.protocols().isEmpty() ? "all" : String.join(",", new TreeSet<>(each.protocols())),
                each.lastUsedOn().map(day -> "last used " + day).orElse("never used"),
                each.expiresAt().map(at -> "expires " + at).orElse("does not expire"));
    }
}
