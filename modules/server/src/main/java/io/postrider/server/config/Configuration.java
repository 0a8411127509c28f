package io.postrider.server.config;

import io.postrider.imap.MessageLimit;
import io.postrider.net.Networks;
import io.postrider.net.sasl.TokenOptions;
import io.postrider.server.config.Listener.Name;
import io.postrider.store.postgres.DatabaseOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that can be configured. {@code deploy/postrider.yaml} says what each key is for; a test holds the two together.
 *
 * @param hostname how this node calls itself to clients and in Received fields
 * @param deletedKeep how long deleted accounts and tenants keep their mail
 * @param messageOctets of a message that is appended or delivered, at most
 * @param balancers who may send a PROXY header, and must, at the listeners' proxy-port
 */
public record Configuration(
        String hostname,
        Database database,
        Optional<Tls> tls,
        Map<Name, Listener> listeners,
        Networks balancers,
        Clients clients,
        Authentication authentication,
        Http http,
        Api api,
        Duration deletedKeep,
        long messageOctets,
        Imap imap,
        Pop3 pop3,
        Lmtp lmtp,
        Metrics metrics,
        Log log,
        Traces traces,
        Shutdown shutdown) {

    /** This machine and private networks: RFC 1122 §3.2.1.3, RFC 4291 §2.5.3, RFC 1918 §3, RFC 4193 §3.1 */
    private static final List<String> PRIVATE_NETWORKS =
            List.of("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");

    /**
     * @param url postgresql://user:password@host:port/database; a secret because of the password
     * @param contentCache octets of messages' content that are remembered
     */
    public record Database(Optional<Secret> url, int connections, long contentCache) {}

    /**
     * PEM files.
     *
     * @param clientAuthorities who vouches for clients' certificates
     * @param directory of certificates that are chosen by the name a client asks for
     * @param reload how often all of them are looked at again
     */
    public record Tls(
            Path certificate, Path key, Optional<Path> clientAuthorities, Optional<Path> directory, Duration reload) {}

    /**
     * @param connectionsPerAddress that one client address may have at once
     * @param exempt networks that may have any number
     */
    public record Clients(int connectionsPerAddress, Networks exempt) {}

    /**
     * @param delay between not being ready any more and closing the listeners
     * @param spread over which the connections are asked to end
     * @param grace for them to do so, before they are cut
     */
    public record Shutdown(Duration delay, Duration spread, Duration grace) {
        public Duration longest() {
            return delay.plus(grace);
        }
    }

    /** Where {@code /metrics} and {@code /health/…} are. */
    public record Http(boolean enabled, String host, int port) {}

    /** Where administrators' {@code /api/v1} is. */
    public record Api(boolean enabled, String host, int port, boolean tls) {}

    /** @param tenants how many have series of their own */
    public record Metrics(int tenants) {}

    /**
     * @param json whether each line is a JSON object
     * @param slowCommand a command that takes longer is logged with where its time went
     */
    public record Log(String level, boolean json, Duration slowCommand) {}

    /**
     * @param endpoint of the collector that takes spans by OTLP over HTTP; empty for no traces
     * @param oneIn of so many commands one is traced
     */
    public record Traces(Optional<URI> endpoint, int oneIn) {}

    /**
     * @param idle how long a client may be silent after its login
     * @param dotNames whether mailboxes are called {@code INBOX.Sent} rather than {@code Sent}
     * @param rev2 whether IMAP4rev2 is offered beside IMAP4rev1
     * @param literalMinus whether literals beyond 4096 octets must be asked for. RFC 7888 §5
     * @param messageLimit messages of one command. RFC 9738
     */
    public record Imap(
            Duration idle, boolean dotNames, boolean rev2, boolean literalMinus, MessageLimit messageLimit) {}

    /** @param idle how long a client may be silent */
    public record Pop3(Duration idle) {}

    /**
     * @param idle how long a client may be silent
     * @param overQuotaIsTemporary whether mail for a full account is tried again later rather than returned
     * @param detailNamesMailbox whether mail for {@code alice+lists} goes to the mailbox {@code lists}
     */
    public record Lmtp(Duration idle, boolean overQuotaIsTemporary, boolean detailNamesMailbox) {}

    /** Fails with {@link ConfigurationException} that names all that is wrong. */
    public static Configuration of(Values values) {
        Reader reader = new Reader(values);
        Configuration configuration = read(reader);
        reader.rejectUnknown();
        if (!reader.problems().isEmpty()) {
            throw new ConfigurationException(reader.problems());
        }
        return configuration;
    }

    /** Every key with its default as one would write it. */
    static Map<String, String> defaults() {
        Reader reader = new Reader(new Values());
        read(reader);
        return reader.defaults();
    }

    private static Configuration read(Reader reader) {
        return new Configuration(
                reader.hostname("hostname").orElseGet(Configuration::localHostname),
                new Database(
                        reader.secret("database.url", DatabaseOptions::of),
                        reader.integer("database.connections", 16, 1, 500),
                        reader.size("database.content-cache", "64MiB", 0, 1L << 40)),
                tls(reader),
                listeners(reader),
                reader.networks("proxy.trusted", List.of()),
                new Clients(
                        reader.integer("clients.connections-per-address", 200, 1, 1_000_000),
                        reader.networks("clients.exempt", PRIVATE_NETWORKS)),
                Authentication.read(reader),
                new Http(
                        reader.bool("http.enabled", true),
                        reader.host("http.host", "127.0.0.1"),
                        reader.integer("http.port", 8080, 0, 65_535)),
                new Api(
                        reader.bool("api.enabled", false),
                        reader.host("api.host", "127.0.0.1"),
                        reader.integer("api.port", 8081, 0, 65_535),
                        reader.bool("api.tls", false)),
                reader.duration("deleted.keep", "30d", Duration.ZERO, Duration.ofDays(3650)),
                reader.size("message-size", "100MiB", 1 << 10, 1L << 30),
                // RFCs ask for 30, 10 and 5 minutes at least (3501 §5.4, 1939 §3, 5321 §4.5.3.2.7); an administrator
                // may
                // know better.
                new Imap(
                        idle(reader, "imap", "30m"),
                        reader.bool("imap.dot-names", false),
                        reader.bool("imap.rev2", true),
                        reader.bool("imap.literal-minus", false),
                        // Not fewer than 1000: RFC 9738 §3
                        new MessageLimit(
                                reader.integer(
                                        "imap.message-limit",
                                        (int) MessageLimit.DEFAULT.messages(),
                                        1000,
                                        Integer.MAX_VALUE),
                                reader.bool("imap.message-limit-for-saves-only", false))),
                new Pop3(idle(reader, "pop3", "10m")),
                new Lmtp(
                        idle(reader, "lmtp", "5m"),
                        reader.bool("lmtp.over-quota-is-temporary", false),
                        reader.bool("lmtp.detail-names-mailbox", false)),
                new Metrics(reader.integer("metrics.tenants", 20, 0, 1000)),
                log(reader),
                new Traces(reader.httpUrl("traces.endpoint"), reader.integer("traces.one-in", 1, 1, 1_000_000)),
                shutdown(reader));
    }

    private static Log log(Reader reader) {
        return new Log(
                reader.oneOf("log.level", "info", List.of("error", "warn", "info", "debug", "trace")),
                reader.oneOf("log.format", "plain", List.of("plain", "json")).equals("json"),
                reader.duration("log.slow-command", "1s", Duration.ZERO, Duration.ofHours(1)));
    }

    private static Shutdown shutdown(Reader reader) {
        Shutdown shutdown = new Shutdown(
                reader.duration("shutdown.delay", "0s", Duration.ZERO, Duration.ofMinutes(10)),
                reader.duration("shutdown.spread", "5s", Duration.ZERO, Duration.ofHours(1)),
                reader.duration("shutdown.grace", "10s", Duration.ZERO, Duration.ofHours(1)));
        return shutdown;
    }

    private static Duration idle(Reader reader, String protocol, String byDefault) {
        return reader.duration(protocol + ".idle", byDefault, Duration.ofSeconds(10), Duration.ofDays(1));
    }

    private static Optional<Tls> tls(Reader reader) {
        Optional<Path> certificate = reader.path("tls.certificate");
        Optional<Path> key = reader.path("tls.key");
        Optional<Path> authorities = reader.path("tls.client-authorities");
        if (certificate.isPresent() != key.isPresent()) {
            reader.problems().add("tls.certificate and tls.key: give both or neither");
        }
        Optional<Path> directory = reader.path("tls.directory");
        if (directory.isPresent() && certificate.isEmpty()) {
            reader.problems().add("tls.directory: needs tls.certificate, for who asks for no name that is there");
        }
        if (authorities.isPresent() && certificate.isEmpty()) {
            reader.problems().add("tls.client-authorities: needs tls.certificate, for without TLS no client shows one");
        }
        Duration reload = reader.duration("tls.reload", "30s", Duration.ofSeconds(1), Duration.ofDays(1));
        return certificate.flatMap(c -> key.map(k -> new Tls(c, k, authorities, directory, reload)));
    }

    private static Map<Name, Listener> listeners(Reader reader) {
        Map<Name, Listener> listeners = new EnumMap<>(Name.class);
        for (Name name : Name.values()) {
            listeners.put(name, Listener.read(reader, name));
        }
        return listeners;
    }

    /** What only a server needs; fails with {@link ConfigurationException}. */
    public void checkServable() {
        List<String> problems = new ArrayList<>();
        if (database.url().isEmpty()) {
            problems.add("database.url is not set");
        }
        for (Listener listener : listeners.values()) {
            if (listener.proxyPort().isPresent() && balancers.isEmpty()) {
                problems.add("listeners." + listener.name().key() + ".proxy-port: needs proxy.trusted");
            }
            if (listener.listens() && listener.name().implicitTls() && tls.isEmpty()) {
                problems.add("listeners." + listener.name().key()
                        + ".enabled: needs tls.certificate and tls.key; set them, or this to false");
            }
        }
        if (api.enabled() && api.tls() && tls.isEmpty()) {
            problems.add("api.tls: needs tls.certificate and tls.key");
        }
        tls.ifPresent(files -> {
            checkReadable("tls.certificate", files.certificate(), problems);
            checkReadable("tls.key", files.key(), problems);
            files.directory()
                    .filter(at -> !Files.isDirectory(at))
                    .ifPresent(at -> problems.add("tls.directory: there is no directory " + at));
            files.clientAuthorities().ifPresent(file -> checkReadable("tls.client-authorities", file, problems));
        });
        authentication
                .tokens()
                .map(TokenOptions::keys)
                .filter(keys -> !keys.contains("://"))
                .ifPresent(file -> checkReadable("oauth.keys", Path.of(file), problems));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static void checkReadable(String key, Path file, List<String> problems) {
        if (!Files.isRegularFile(file)) {
            problems.add(key + ": there is no file " + file);
        } else if (!Files.isReadable(file)) {
            problems.add(key + ": " + file + " may not be read");
        }
    }

    private static String localHostname() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return Reader.HOSTNAME.matcher(name).matches() ? name : "localhost";
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
