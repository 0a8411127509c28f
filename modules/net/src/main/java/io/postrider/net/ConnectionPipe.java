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
    private ConnectionLife life;

    /** Before anything comes. */
    void lead(ConnectionLife toLife) {
        life = toLife;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HAProxyMessage header) {
                life.headerCame(header);
            } else {
                life.received((ByteBuf) message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {}

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        life.writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                life.handshakeDone();
            } else {
                life.broken(handshake.cause());
            }
        } else if (event instanceof SslCloseCompletionEvent && !life.isClosed()) {
            // Nothing can come any more. RFC 8446 §6.1
            life.close();
        } else if (event == ChannelInputShutdownEvent.INSTANCE) {
            life.endOfInput();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        life.broken(cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        life.gone();
        ctx.fireChannelInactive();
    }
}
