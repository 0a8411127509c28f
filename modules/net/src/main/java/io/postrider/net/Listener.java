package io.postrider.net;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop's share of a listener: its NetServer and its connections, touched on this event loop only. */
final class Listener extends VerticleBase {
    /** Connections the kernel keeps for us to accept. */
    private static final int BACKLOG = 1024;

    /** For running commands to end when the stop is hurried. */
    private static final Duration HURRIED_GRACE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Listener.class);

    private final ListenerOptions options;
    private final int sharedPort;
    private final Protocol protocol;
    private final TlsContexts tlsContexts;
    private final ListenerMetrics metrics;
    private final TimerWheel wheel = new TimerWheel();
    private final StrangersLog strangers = new StrangersLog(log, wheel);
    private final Set<Connection> connections = new HashSet<>();
    private final Promise<Void> allGone = Promise.promise();
    private boolean stopping;
    private boolean hurried;
    private Farewell farewell;
    private NetServer server;

    /** @param sharedPort as Vert.x wants it: the port, or the same negative number for those that share any free one */
    Listener(
            ListenerOptions options,
            int sharedPort,
            Protocol protocol,
            TlsContexts tlsContexts,
            ListenerMetrics metrics) {
        this.options = options;
        this.sharedPort = sharedPort;
        this.protocol = protocol;
        this.tlsContexts = tlsContexts;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(TimerWheel.TICK_MILLIS, tick -> wheel.turn());
        server = vertx.createNetServer(new NetServerOptions()
                        .setHost(options.host())
                        .setPort(sharedPort)
                        .setAcceptBacklog(BACKLOG)
                        .setTcpNoDelay(true)
                        .setTcpKeepAlive(true)
                        .setReuseAddress(true))
                .connectHandler(this::connected);
        return server.listen();
    }

    /** The port in use, known once started. */
    int port() {
        return server.actualPort();
    }

    ListenerOptions options() {
        return options;
    }

    Protocol protocol() {
        return protocol;
    }

    TlsContexts tlsContexts() {
        return tlsContexts;
    }

    ListenerMetrics metrics() {
        return metrics;
    }

    TimerWheel wheel() {
        return wheel;
    }

    /** Counts and tells that a connection was turned away before it began. */
    void refused(String format, Object... arguments) {
        metrics.refused.increment();
        strangers.warn(format, arguments);
    }

    void gone(Connection connection) {
        connections.remove(connection);
        metrics.connections.decrementAndGet();
        if (stopping && connections.isEmpty()) {
            allGone.tryComplete();
        }
    }

    /**
     * Accepts no more, asks each connection to end at a moment of its own, and cuts those that have not after the grace time.
     */
    Future<Void> shutDown() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> {
            stopping = true;
            long grace = Math.max(1, options.graceTime().toMillis());
            long cut = vertx.setTimer(grace, late -> cutAll());
            // Vert.x would close what is left a second later, but politely, behind what a client does not read.
            Future<Void> closed = server.shutdown(grace + 1000, TimeUnit.MILLISECONDS);
            farewell = new Farewell(vertx, connections, options);
            if (hurried) {
                hurryNow();
            }
            if (connections.isEmpty()) {
                allGone.tryComplete();
            }
            Future.join(closed, allGone.future())
                    .onComplete(gone -> {
                        vertx.cancelTimer(cut);
                        farewell.askAll();
                    })
                    .<Void>mapEmpty()
                    .onComplete(done);
        });
        return done.future();
    }

    /** Asks all that are left now, and cuts them soon; or does so as soon as it is shut down. */
    void hurry() {
        context.runOnContext(now -> {
            hurried = true;
            if (stopping) {
                hurryNow();
            }
        });
    }

    private void hurryNow() {
        farewell.askAll();
        vertx.setTimer(HURRIED_GRACE.toMillis(), late -> cutAll());
    }

    private void cutAll() {
        if (!connections.isEmpty()) {
            log.info("{}: {} connections did not end in time and are cut", options.name(), connections.size());
            List.copyOf(connections).forEach(Connection::cut);
        }
    }

    private void connected(NetSocket socket) {
        if (metrics.connections.incrementAndGet() > options.maxConnections()) {
            metrics.connections.decrementAndGet();
            metrics.refused.increment();
            log.debug("{}: full with {} connections", options.name(), options.maxConnections());
            socket.close();
            return;
        }
        InetSocketAddress peer = (InetSocketAddress)
                ((NetSocketInternal) socket).channelHandlerContext().channel().remoteAddress();
        if (peer == null || !mayConnect(peer.getAddress())) {
            metrics.connections.decrementAndGet();
            socket.close();
            return;
        }
        metrics.accepted.increment();
        Connection connection =
                new Connection(this, (NetSocketInternal) socket, ((ContextInternal) context).duplicate());
        connections.add(connection);
        connection.open();
        if (stopping) {
            // It was on its way to this event loop when the listener closed.
            connection.shutDown();
        }
    }

    /** Who may say whose connection it is could say anything: only balancers may. */
    private boolean mayConnect(InetAddress peer) {
        if (options.balancers() == null || options.balancers().contains(peer)) {
            return true;
        }
        refused(
                "{}: connection from {}, which is no trusted balancer: closed",
                options.name(),
                NetUtil.toAddressString(peer));
        return false;
    }
}
