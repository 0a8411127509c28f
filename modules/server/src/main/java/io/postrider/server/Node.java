package io.postrider.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postrider.admin.AdminApi;
import io.postrider.imap.ImapProtocol;
import io.postrider.net.CertificateFiles;
import io.postrider.net.ConnectionsPerAddress;
import io.postrider.net.Instruments;
import io.postrider.net.ListenerOptions;
import io.postrider.net.Networks;
import io.postrider.net.Protocol;
import io.postrider.net.ProtocolServer;
import io.postrider.net.TenantMeters;
import io.postrider.net.TlsContexts;
import io.postrider.net.sasl.Authenticator;
import io.postrider.net.sasl.GuessLimits;
import io.postrider.net.sasl.Passwords;
import io.postrider.net.sasl.Sasl;
import io.postrider.net.sasl.Tokens;
import io.postrider.pop3.Pop3Protocol;
import io.postrider.server.config.Authentication;
import io.postrider.server.config.Configuration;
import io.postrider.server.config.Listener;
import io.postrider.server.config.Listener.Name;
import io.postrider.server.trace.OtlpTraces;
import io.postrider.smtp.LmtpProtocol;
import io.postrider.store.Store;
import io.postrider.store.Traces;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.PostgresStore;
import io.postrider.store.postgres.SweepOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server, wired by hand: opens from the database outwards, and closes the other way round. */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /** How often it is found anew which tenants have metrics of their own. */
    private static final long RANK_MILLIS = 60_000;

    private final Configuration configuration;
    private final NodeMetrics metrics = new NodeMetrics();
    private final PrometheusMeterRegistry registry = metrics.registry();
    private final Traces traces;
    private final Instruments instruments;
    private final Vertx vertx;
    private final Map<Name, ProtocolServer> listeners = new EnumMap<>(Name.class);
    /** The same behind a PROXY header. */
    private final Map<Name, ProtocolServer> proxyListeners = new EnumMap<>(Name.class);

    private final ConnectionsPerAddress perAddress;
    private final Promise<Void> hurried = Promise.promise();
    private Store store;
    private HttpEndpoints http;
    private AdminApi api;

    private Node(Configuration configuration) {
        this.configuration = configuration;
        // Loads OpenTelemetry only if it is wanted.
        this.traces = configuration.traces().endpoint().isEmpty()
                ? Traces.NONE
                : OtlpTraces.open(configuration.traces(), configuration.hostname());
        this.instruments = new Instruments(
                registry,
                new TenantMeters(registry, configuration.metrics().tenants()),
                configuration.log().slowCommand(),
                traces);
        this.vertx = vertx(registry);
        this.perAddress = new ConnectionsPerAddress(
                configuration.clients().connectionsPerAddress(),
                configuration.clients().exempt());
        metrics.watch(vertx);
        vertx.setPeriodic(RANK_MILLIS, timer -> instruments.tenants().rank());
    }

    /** Opens all that is configured, or nothing: then it fails with one line that says why. */
    public static Future<Node> start(Configuration configuration) {
        configuration.checkServable();
        Node node = new Node(configuration);
        // Of no context, since a failed start leaves none.
        Promise<Node> started = Promise.promise();
        node.loadTls()
                .compose(tls -> node.openStore().map(tls))
                .compose(node::openListeners)
                .compose(v -> node.openHttp())
                .compose(v -> node.openApi())
                .onSuccess(v -> started.complete(node))
                .onFailure(failure -> node.stop().onComplete(v -> started.fail(failure)));
        return started.future();
    }

    /**
     * Is ready no more, serves on until balancers have seen that, sends its clients away over a while, and closes everything;
     * never fails.
     */
    public Future<Void> stop() {
        Future<Void> seen = Future.succeededFuture();
        if (http != null) {
            http.notReady();
            seen = delay(configuration.shutdown().delay());
        }
        // Of no context: it completes when there is none left.
        Promise<Void> stopped = Promise.promise();
        seen.compose(v -> Future.join(allListeners().map(ProtocolServer::stop).toList()))
                .otherwiseEmpty()
                .compose(v -> api == null ? Future.succeededFuture() : api.close())
                .otherwiseEmpty()
                .compose(v -> http == null ? Future.succeededFuture() : http.close())
                .otherwiseEmpty()
                .compose(v -> store == null ? Future.succeededFuture() : store.close())
                .compose(v -> traces.close(), failure -> traces.close())
                .onComplete(v -> vertx.close().onComplete(w -> {
                    metrics.close();
                    stopped.complete();
                }));
        return stopped.future();
    }

    /** Makes a stop that runs a short one. */
    public void hurry() {
        hurried.tryComplete();
        allListeners().forEach(ProtocolServer::hurry);
    }

    public Store store() {
        return store;
    }

    /** The port a listener really has; 0 when it is off. */
    public int port(Name name) {
        ProtocolServer listener = listeners.get(name);
        return listener == null ? 0 : listener.port();
    }

    /** The port where a listener takes PROXY headers; 0 when it does not. */
    public int proxyPort(Name name) {
        ProtocolServer listener = proxyListeners.get(name);
        return listener == null ? 0 : listener.port();
    }

    /** The port of {@code /metrics} and {@code /health}; 0 when they are off. */
    public int httpPort() {
        return http == null ? 0 : http.port();
    }

    /** The port of the API; 0 when it is off. */
    public int apiPort() {
        return api == null ? 0 : api.port();
    }

    /** What listens where, one line. */
    public String listening() {
        List<String> all = new ArrayList<>();
        listeners.forEach((name, server) ->
                all.add(name.key() + " " + configuration.listeners().get(name).host() + ":" + server.port()));
        proxyListeners.forEach((name, server) -> all.add(
                name.key() + "-proxy " + configuration.listeners().get(name).host() + ":" + server.port()));
        if (http != null) {
            all.add("http " + configuration.http().host() + ":" + http.port());
        }
        if (api != null) {
            all.add("api " + configuration.api().host() + ":" + api.port());
        }
        return String.join(", ", all);
    }

    private Stream<ProtocolServer> allListeners() {
        return Stream.concat(listeners.values().stream(), proxyListeners.values().stream());
    }

    /** Unless hurried. */
    private Future<Void> delay(Duration time) {
        if (time.isZero()) {
            return Future.succeededFuture();
        }
        Future<?> over = vertx.timer(time.toMillis(), TimeUnit.MILLISECONDS);
        return Future.any(over, hurried.future()).mapEmpty();
    }

    private static Vertx vertx(PrometheusMeterRegistry registry) {
        // Worker pools alone: our own meters say more about connections and statements, for less.
        MicrometerMetricsOptions metrics = new MicrometerMetricsOptions().setEnabled(true);
        for (MetricsDomain domain : MetricsDomain.values()) {
            if (domain != MetricsDomain.NAMED_POOLS) {
                metrics.addDisabledMetricsCategory(domain);
            }
        }
        return Vertx.builder()
                .with(new VertxOptions()
                        .setPreferNativeTransport(true)
                        // One loop per core: a listener is one instance per loop.
                        .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                        .setMetricsOptions(metrics))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .build();
    }

    /** Null where there is no TLS. */
    private Future<TlsContexts> loadTls() {
        return configuration
                .tls()
                .map(tls -> vertx.executeBlocking(() -> loadTls(tls))
                        .onSuccess(files -> vertx.setPeriodic(
                                tls.reload().toMillis(),
                                timer -> vertx.executeBlocking(() -> {
                                    files.reload();
                                    return null;
                                })))
                        .map(CertificateFiles::contexts))
                .orElse(Future.succeededFuture());
    }

    private CertificateFiles loadTls(Configuration.Tls files) {
        try {
            return CertificateFiles.load(
                    files.certificate(), files.key(), files.clientAuthorities(), files.directory(), registry);
        } catch (RuntimeException e) {
            throw new Problem(
                    "tls.certificate " + files.certificate() + " and tls.key " + files.key() + ": "
                            + Failures.oneLine(e),
                    e);
        }
    }

    private Future<Void> openStore() {
        DatabaseOptions options = DatabaseOptions.of(
                        configuration.database().url().orElseThrow().value())
                .withPoolSize(configuration.database().connections());
        return PostgresStore.open(
                        vertx,
                        options,
                        SweepOptions.DEFAULT.withDeletedGrace(configuration.deletedKeep()),
                        configuration.database().contentCache(),
                        registry)
                .recover(failure -> Future.failedFuture(Failures.ofDatabase(options, failure)))
                .onSuccess(opened -> store = opened)
                .mapEmpty();
    }

    private Future<Void> openListeners(TlsContexts tls) {
        Map<String, Protocol> protocols = protocols(tls);
        Future<Void> opened = Future.succeededFuture();
        for (Listener listener : configuration.listeners().values()) {
            Protocol protocol = protocols.get(listener.name().protocol());
            ListenerOptions options = options(listener, tls);
            if (listener.enabled()) {
                opened = opened.compose(v -> open(options, protocol, tls))
                        .onSuccess(server -> listeners.put(listener.name(), server))
                        .mapEmpty();
            }
            if (listener.proxyPort().isPresent()) {
                int port = listener.proxyPort().getAsInt();
                opened = opened.compose(v -> open(options.behind(port, configuration.balancers()), protocol, tls))
                        .onSuccess(server -> proxyListeners.put(listener.name(), server))
                        .mapEmpty();
            }
        }
        return opened;
    }

    private Sasl sasl() {
        Authentication how = configuration.authentication();
        // A balancer's address says nothing about who is behind it.
        Networks standForMany = configuration.clients().exempt().and(configuration.balancers());
        GuessLimits limits = how.guessing().withExempt(standForMany);
        return new Sasl(
                new Authenticator(vertx, store, registry, new Passwords(vertx, how.passwords()), limits),
                how.tokens().map(options -> new Tokens(vertx, options)));
    }

    private Map<String, Protocol> protocols(TlsContexts tls) {
        Sasl sasl = sasl();
        Predicate<String> ownNames =
                host -> host.equalsIgnoreCase(configuration.hostname()) || tls != null && tls.names(host);
        return Map.of(
                "imap", new ImapProtocol(store, sasl, ProtocolLimits.imap(configuration), ownNames, registry),
                "pop3", new Pop3Protocol(store, sasl, ProtocolLimits.pop3(configuration), registry),
                "lmtp",
                        new LmtpProtocol(
                                store, ProtocolLimits.lmtp(configuration), configuration.hostname(), registry));
    }

    private Future<ProtocolServer> open(ListenerOptions options, Protocol protocol, TlsContexts tls) {
        return ProtocolServer.start(vertx, options, protocol, tls, instruments)
                // It names listener and port itself.
                .recover(failure -> Future.failedFuture(new Problem(Failures.oneLine(failure), failure)));
    }

    private ListenerOptions options(Listener listener, TlsContexts tls) {
        ListenerOptions.Tls how = tls == null || listener.name() == Name.LMTP
                ? ListenerOptions.Tls.NONE
                : listener.name().implicitTls() ? ListenerOptions.Tls.IMPLICIT : ListenerOptions.Tls.STARTTLS;
        return ListenerOptions.of(listener.name().key(), listener.host(), listener.port(), how)
                .withPlainTextPasswords(listener.plainTextPasswords())
                .withMaxConnections(listener.maxConnections())
                .withTimes(
                        ListenerOptions.DEFAULT_HANDSHAKE_TIME,
                        ListenerOptions.DEFAULT_CLOSE_TIME,
                        configuration.shutdown().grace())
                .withSpread(configuration.shutdown().spread())
                .withPerAddress(perAddress);
    }

    private Future<Void> openHttp() {
        if (!configuration.http().enabled()) {
            return Future.succeededFuture();
        }
        Configuration.Http at = configuration.http();
        return HttpEndpoints.open(vertx, at.host(), at.port(), store, registry)
                .recover(failure -> Future.failedFuture(Failures.ofHttp("http", at.host(), at.port(), failure)))
                .onSuccess(opened -> http = opened)
                .mapEmpty();
    }

    private Future<Void> openApi() {
        Configuration.Api at = configuration.api();
        if (!at.enabled()) {
            return Future.succeededFuture();
        }
        Optional<AdminApi.Tls> tls = configuration
                .tls()
                .filter(files -> at.tls())
                .map(files -> new AdminApi.Tls(files.certificate(), files.key()));
        return AdminApi.open(
                        vertx,
                        store,
                        new Passwords(vertx, configuration.authentication().passwords()),
                        at.host(),
                        at.port(),
                        tls)
                .recover(failure -> Future.failedFuture(Failures.ofHttp("api", at.host(), at.port(), failure)))
                .onSuccess(opened -> {
                    api = opened;
                    configuration
                            .tls()
                            .ifPresent(files -> vertx.setPeriodic(files.reload().toMillis(), timer -> opened.renew()));
                })
                .mapEmpty();
    }
}
