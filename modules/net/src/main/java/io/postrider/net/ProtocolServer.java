package io.postrider.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.impl.ServerID;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that runs: as many verticles as cores, each with an event loop of its own, on one port. */
public final class ProtocolServer {
    /** Vert.x lets the servers of one negative port share one free port. */
    private static final AtomicInteger sharedFreePorts = new AtomicInteger();

    private static final String IN_USE = "the port is in use";

    private final Vertx vertx;
    private final ListenerMetrics metrics;
    private final List<Listener> listeners;
    private final String deployment;

    private ProtocolServer(Vertx vertx, ListenerMetrics metrics, List<Listener> listeners, String deployment) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.listeners = listeners;
        this.deployment = deployment;
    }

    /**
     * Listens; fails with one line that names listener, address and port when that cannot be.
     *
     * @param tlsContexts null where the listener has no TLS
     */
    public static Future<ProtocolServer> start(
            Vertx vertx, ListenerOptions options, Protocol protocol, TlsContexts tlsContexts, MeterRegistry registry) {
        return start(vertx, options, protocol, tlsContexts, Instruments.of(registry));
    }

    /** The same, with instruments that several listeners share. */
    public static Future<ProtocolServer> start(
            Vertx vertx, ListenerOptions options, Protocol protocol, TlsContexts tlsContexts, Instruments instruments) {
        if (options.tls() != ListenerOptions.Tls.NONE && tlsContexts == null) {
            return Future.failedFuture(
                    new IllegalArgumentException("listener " + options.name() + " needs a certificate"));
        }
        if (isOurs(vertx, options)) {
            // Vert.x would hand out the port's connections to both listeners in turn.
            return Future.failedFuture(cannotListen(options, IN_USE));
        }
        int port = options.port() == 0 ? sharedFreePorts.decrementAndGet() : options.port();
        ListenerMetrics metrics = new ListenerMetrics(options.name(), protocol.name(), instruments);
        Queue<Listener> listeners = new ConcurrentLinkedQueue<>();
        return vertx.deployVerticle(
                        () -> {
                            Listener listener = new Listener(options, port, protocol, tlsContexts, metrics);
                            listeners.add(listener);
                            return listener;
                        },
                        new DeploymentOptions().setInstances(options.instancesToRun()))
                .map(deployment -> new ProtocolServer(vertx, metrics, List.copyOf(listeners), deployment))
                .recover(failure -> {
                    metrics.remove();
                    return Future.failedFuture(cannotListen(options, why(failure)));
                });
    }

    public int port() {
        return listeners.get(0).port();
    }

    /**
     * Accepts no more, asks the connections to end over the spread time, cuts those that have not within the grace time; done
     * when all are gone.
     */
    public Future<Void> stop() {
        return Future.join(listeners.stream().map(Listener::shutDown).toList())
                .compose(down -> vertx.undeploy(deployment))
                .onComplete(gone -> metrics.remove());
    }

    /** Makes a stop that runs, or the next one, a short one. */
    public void hurry() {
        listeners.forEach(Listener::hurry);
    }

    private static boolean isOurs(Vertx vertx, ListenerOptions options) {
        var servers = ((VertxInternal) vertx).sharedTcpServers();
        synchronized (servers) {
            return options.port() > 0 && servers.containsKey(new ServerID(options.port(), options.host()));
        }
    }

    private static String why(Throwable failure) {
        // Java's transport and the native one say it each in their own words, but the kernel's are in both.
        String message = String.valueOf(failure.getMessage());
        if (message.contains("Address already in use")) {
            return IN_USE;
        }
        if (message.contains("Cannot assign requested address")) {
            return "this machine does not have the address";
        }
        if (message.contains("Permission denied")) {
            return "permission denied (ports below 1024 are root's)";
        }
        return message;
    }

    private static IllegalStateException cannotListen(ListenerOptions options, String why) {
        return new IllegalStateException("listener " + options.name() + " cannot listen on " + options.host() + " port "
                + options.port() + ": " + why);
    }
}
