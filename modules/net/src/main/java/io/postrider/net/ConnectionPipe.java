package io.postrider.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;

/** The connection's place in the Netty pipeline; passes nothing on to Vert.x but that the channel is gone. */
final class ConnectionPipe extends ChannelInboundHandlerAdapter {
    private final Connection connection;

    ConnectionPipe(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HAProxyMessage header) {
                connection.headerCame(header);
            } else {
                connection.received((ByteBuf) message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {}

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                connection.handshakeDone();
            } else {
                connection.broken(handshake.cause());
            }
        } else if (event instanceof SslCloseCompletionEvent && !connection.isClosed()) {
            // Nothing can come any more. RFC 8446 §6.1
            connection.close();
        } else if (event == ChannelInputShutdownEvent.INSTANCE) {
            connection.endOfInput();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.pipelineFailed(
                cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.gone();
        ctx.fireChannelInactive();
    }
}
