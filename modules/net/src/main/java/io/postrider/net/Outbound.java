package io.postrider.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.postrider.store.TimeSpent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;

/**
 * What leaves by one connection: small writes are gathered into one buffer, and all leave in one flush at the end of the
 * event loop's turn. Nothing is held at rest.
 */
final class Outbound {
    /** A write of so many octets goes as it is; below, copying is cheaper. */
    private static final int LARGE_WRITE = 4 * 1024;

    private static final int GATHERED = 16 * 1024;

    private final ChannelHandlerContext channel;
    private final ContextInternal context;
    private final TimeSpent timeSpent;
    private ByteBuf gathered;
    private boolean flushAhead;
    private Promise<Void> drained;
    private boolean closed;

    Outbound(ChannelHandlerContext channel, ContextInternal context, TimeSpent timeSpent) {
        this.channel = channel;
        this.context = context;
        this.timeSpent = timeSpent;
    }

    void write(ByteBuf octets) {
        if (octets.readableBytes() >= LARGE_WRITE) {
            push();
            channel.write(octets, channel.voidPromise());
        } else {
            roomFor(octets.readableBytes()).writeBytes(octets);
        }
        flushAtEndOfTurn();
    }

    void writeAscii(String text) {
        if (text.length() >= LARGE_WRITE) {
            push();
            channel.write(ByteBufUtil.writeAscii(channel.alloc(), text), channel.voidPromise());
        } else {
            ByteBufUtil.writeAscii(roomFor(text.length()), text);
        }
        flushAtEndOfTurn();
    }

    /** At once while the client keeps up; else when it has taken what waits. */
    Future<Void> drained() {
        if (closed) {
            return context.failedFuture(closedException());
        }
        push();
        if (!channel.channel().isWritable()) {
            channel.flush();
        }
        if (channel.channel().isWritable()) {
            return context.succeededFuture();
        }
        if (drained == null) {
            drained = context.promise();
            long since = System.nanoTime();
            drained.future().onComplete(any -> timeSpent.add(TimeSpent.On.CLIENT_READS, since));
        }
        return drained.future();
    }

    void writable() {
        if (drained != null) {
            Promise<Void> waiting = drained;
            drained = null;
            waiting.complete();
        }
    }

    /** Done when everything written so far has gone to the kernel. */
    ChannelFuture flushed() {
        push();
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    /** Takes nothing more; what is gathered still leaves by {@link #flushed}. */
    void close() {
        closed = true;
        if (drained != null) {
            Promise<Void> waiting = drained;
            drained = null;
            waiting.fail(closedException());
        }
    }

    void release() {
        close();
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    static IllegalStateException closedException() {
        return new IllegalStateException("the connection is closed");
    }

    private ByteBuf roomFor(int octets) {
        if (gathered != null && gathered.readableBytes() + octets > GATHERED) {
            push();
        }
        if (gathered == null) {
            gathered = channel.alloc().ioBuffer(Math.max(512, octets), GATHERED);
        }
        return gathered;
    }

    private void push() {
        if (gathered != null) {
            ByteBuf octets = gathered;
            gathered = null;
            channel.write(octets, channel.voidPromise());
        }
    }

    private void flushAtEndOfTurn() {
        if (!flushAhead) {
            flushAhead = true;
            channel.executor().execute(() -> {
                flushAhead = false;
                push();
                channel.flush();
            });
        }
    }
}
