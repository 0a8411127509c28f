package io.postrider.net;

import io.netty.channel.ChannelHandlerContext;

/** Puts {@link Compression} into a connection's pipeline, and takes it out again. Used on the connection's context only. */
public final class Deflate {
    private static final String NAME = "compression";

    private final Connection connection;
    private final ChannelHandlerContext channel;
    private final Outbound outbound;
    private final TimerWheel wheel;

    Deflate(Connection connection, ChannelHandlerContext channel, Outbound outbound, TimerWheel wheel) {
        this.connection = connection;
        this.channel = channel;
        this.outbound = outbound;
        this.wheel = wheel;
    }

    public boolean isOn() {
        return channel.pipeline().get(NAME) != null;
    }

    /**
     * Writes the reply as it is, and everything behind it compressed; what the client sends is compressed from now on as
     * well. The caller sees to it that nothing has come behind its wish. RFC 4978 §3
     */
    public void begin(String reply) {
        connection.write(reply);
        if (!connection.isClosed() && !isOn()) {
            outbound.flushed();
            channel.pipeline().addBefore("connection", NAME, new Compression(wheel));
        }
    }

    /** Writes the reply compressed, and what follows it as it is; the client does the same behind its wish. RFC 8437 §4.1 */
    public void end(String reply) {
        connection.write(reply);
        if (!connection.isClosed() && isOn()) {
            outbound.flushed();
            channel.pipeline().remove(NAME);
        }
    }
}
