package io.postrider.net;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What a balancer says of its client before anything else, TLS included: the PROXY protocol, version 1 in text or 2 in octets.
 * (The specification is HAProxy's, proxy-protocol.txt.)
 */
final class ProxyHeader {
    /** The specification asks for three seconds at least, so that one lost packet does no harm. §2 */
    static final Duration TIME = Duration.ofSeconds(5);

    /** What version 2 may carry besides addresses; we read none of it. Version 1 is bound at 108 octets by itself. */
    static final int MAX_TLV_OCTETS = 2 * 1024;

    private ProxyHeader() {}

    /** Reads the header off a connection's first octets, hands it on as {@link HAProxyMessage} and goes. */
    static ChannelHandler newDecoder() {
        return new HAProxyMessageDecoder(MAX_TLV_OCTETS);
    }

    /**
     * Whose connection it is; empty when it is the balancer's own, a health check most of the time: LOCAL, UNKNOWN, or an
     * address of a kind that is none of the internet's.
     *
     * @throws IllegalArgumentException for what is no TCP connection
     */
    static Optional<InetAddress> client(HAProxyMessage header) {
        if (header.command() == HAProxyCommand.LOCAL) {
            return Optional.empty();
        }
        return switch (header.proxiedProtocol()) {
            case TCP4, TCP6 -> Optional.of(known(header.sourceAddress()));
            case UNKNOWN, UNIX_STREAM -> Optional.empty();
            default -> throw new IllegalArgumentException("not of a TCP connection");
        };
    }

    private static InetAddress known(String text) {
        InetAddress address = Networks.address(text);
        if (address == null) {
            throw new IllegalArgumentException("no address");
        }
        return address;
    }
}
