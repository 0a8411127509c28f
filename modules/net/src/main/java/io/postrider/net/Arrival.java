package io.postrider.net;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose connection it is, found out before anything else is said on it: its TCP peer's, or the one's whom a balancer names in
 * the PROXY header where that is due. It counts against that client's bound until it is gone.
 */
final class Arrival {
    private static final Logger log = LoggerFactory.getLogger(Arrival.class);

    private final Connection connection;
    private final Listener listener;
    private final InetAddress peer;

    /** Null before that is known, and for a balancer's own health checks. */
    private InetAddress client;

    Arrival(Connection connection, Listener listener, InetAddress peer) {
        this.connection = connection;
        this.listener = listener;
        this.peer = peer;
    }

    boolean headerIsDue() {
        return listener.options().balancers() != null;
    }

    void awaitHeader(ChannelPipeline pipeline) {
        pipeline.addFirst("proxy", ProxyHeader.newDecoder());
    }

    /** Whether it may go on; else the log has been told why. */
    boolean headerCame(HAProxyMessage header) {
        Optional<InetAddress> from;
        try {
            from = ProxyHeader.client(header);
        } catch (IllegalArgumentException e) {
            headerMalformed();
            return false;
        }
        log.debug(
                "{}: connection {} from {} through {}",
                listener.options().name(),
                connection.id(),
                from.map(NetUtil::toAddressString).orElse("the balancer itself"),
                NetUtil.toAddressString(peer));
        return from.isEmpty() || admits(from.get());
    }

    /** Without a header: whether the peer may go on. */
    boolean admitsPeer() {
        return admits(peer);
    }

    void headerMalformed() {
        refused("a malformed PROXY header");
    }

    void headerMissing() {
        refused("no PROXY header in " + ProxyHeader.TIME.toSeconds() + " s");
    }

    boolean clientIsKnown() {
        return client != null;
    }

    /** The client's, or as long as that is not known, the peer's. IPv6 is written as in RFC 5952. */
    String address() {
        return NetUtil.toAddressString(client == null ? peer : client);
    }

    void gone() {
        if (client != null && listener.options().perAddress() != null) {
            listener.options().perAddress().leave(client);
        }
    }

    private boolean admits(InetAddress address) {
        ConnectionsPerAddress bound = listener.options().perAddress();
        if (bound != null && !bound.enter(address)) {
            listener.refused(
                    "{}: connection {} from {}: more than {} at once: closed",
                    listener.options().name(),
                    connection.id(),
                    NetUtil.toAddressString(address),
                    bound.most());
            return false;
        }
        client = address;
        return true;
    }

    private void refused(String what) {
        listener.refused(
                "{}: connection {} from {}: {}: closed", listener.options().name(), connection.id(), address(), what);
    }
}
