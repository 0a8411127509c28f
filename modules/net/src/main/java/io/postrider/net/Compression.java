package io.postrider.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * DEFLATE between the connection and TLS or the socket, both ways (RFC 1951, RFC 4978 §3). What is written leaves whole with
 * each flush, so that nobody waits for octets that the compressor holds back.
 *
 * <p>Easy to get wrong: 64 KB can mean 64 MB. So what came is inflated piece by piece, and only while the connection wants to
 * read; what it does not want yet stays compressed.
 */
final class Compression extends ChannelDuplexHandler {
    /** Octets that one step inflates to. */
    static final int PIECE = 16 * 1024;

    /** Steps before others have their turn on the event loop. */
    private static final int STEPS_AT_ONCE = 16;

    /** After so long without a write the compressor's memory, a quarter of a megabyte, is given back. */
    static final Duration REST_TIME = Duration.ofSeconds(5);

    /** Nothing stays in these beyond a step, so an event loop needs one of each. */
    private static final FastThreadLocal<byte[]> PIECES_IN = pieces();

    private static final FastThreadLocal<byte[]> PIECES_OUT = pieces();

    private static final int REST_TICKS = (int) TimerWheel.ticks(REST_TIME);

    private static final byte[] NOTHING = {};

    private final TimerWheel wheel;
    private final TimerWheel.Timeout rest = new TimerWheel.Timeout(this::rested);
    private final Inflater inflater = new Inflater(true);
    private final Queue<ByteBuf> held = new ArrayDeque<>(2);

    /** Null while there has been nothing to write for a while. */
    private Deflater deflater;

    private boolean unflushed;
    /** Set while more may come out without more going in. */
    private boolean filledPiece;

    private boolean inflating;
    private boolean inputEnded;
    private boolean ended;

    Compression(TimerWheel wheel) {
        this.wheel = wheel;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        held.add((ByteBuf) message);
        inflate(ctx);
    }

    /** The connection wants more: first of what is here. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (held.isEmpty()) {
            ctx.read();
        } else if (!inflating) {
            inflateLater(ctx);
        }
    }

    /** An end comes behind what is still held. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !held.isEmpty()) {
            inputEnded = true;
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ByteBuf octets = (ByteBuf) message;
        try {
            deflate(ctx, octets);
        } finally {
            octets.release();
        }
        if (!promise.isVoid()) {
            // Whoever wants to know when it has left wants it to leave.
            sync(ctx);
            ctx.write(Unpooled.EMPTY_BUFFER, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        sync(ctx);
        ctx.flush();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ended = true;
        endDeflater();
        inflater.end();
        if (ctx.channel().isActive()) {
            // Taken out by UNAUTHENTICATE: what came behind it is not compressed. RFC 8437 §4.1
            held.forEach(ctx::fireChannelRead);
        } else {
            held.forEach(ReferenceCountUtil::release);
        }
        held.clear();
    }

    private void inflateLater(ChannelHandlerContext ctx) {
        ctx.executor().execute(() -> inflate(ctx));
    }

    private void inflate(ChannelHandlerContext ctx) {
        if (inflating) {
            return;
        }
        inflating = true;
        int steps = 0;
        try {
            while (!ended && !held.isEmpty() && ctx.channel().config().isAutoRead()) {
                if (++steps > STEPS_AT_ONCE) {
                    inflateLater(ctx);
                    return;
                }
                step(ctx);
            }
        } catch (DataFormatException e) {
            ctx.fireExceptionCaught(new IOException("what came is not DEFLATE: " + e.getMessage()));
            return;
        } finally {
            inflating = false;
        }
        if (ended || !held.isEmpty()) {
            return;
        }
        if (inputEnded) {
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else if (ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }

    private void step(ChannelHandlerContext ctx) throws DataFormatException {
        if (!filledPiece && inflater.needsInput()) {
            feed(held.peek());
        }
        byte[] piece = PIECES_IN.get();
        int length = inflater.inflate(piece);
        filledPiece = length == PIECE;
        if (inflater.finished()) {
            // A client that ends its stream has said its last word.
            held.forEach(ReferenceCountUtil::release);
            held.clear();
        } else if (!filledPiece && inflater.needsInput() && !held.peek().isReadable()) {
            held.remove().release();
        }
        if (length > 0) {
            // The connection copies it before it does anything else.
            ctx.fireChannelRead(Unpooled.wrappedBuffer(piece, 0, length));
        }
    }

    /** Up to the end of a flush: what comes behind it may no longer be compressed. */
    private void feed(ByteBuf octets) {
        int start = octets.readerIndex();
        int end = octets.writerIndex();
        int to = start;
        while (to < end && !endsFlush(octets, start, to)) {
            to++;
        }
        byte[] fed = new byte[to - start];
        octets.readBytes(fed);
        inflater.setInput(fed);
    }

    /** An empty stored block, which Z_SYNC_FLUSH ends with, lies before that place. Elsewhere the same octets do no harm. */
    private static boolean endsFlush(ByteBuf octets, int start, int at) {
        return at - start >= 4 && octets.getInt(at - 4) == 0x0000FFFF;
    }

    private void deflate(ChannelHandlerContext ctx, ByteBuf octets) {
        if (!octets.isReadable()) {
            return;
        }
        if (deflater == null) {
            // A new one may go on where another has flushed: it only knows nothing to refer back to.
            deflater = new Deflater(Deflater.BEST_SPEED, true);
        }
        unflushed = true;
        deflater.setInput(octets.nioBuffer());
        deflated(ctx, Deflater.NO_FLUSH);
        // The octets are about to be released.
        deflater.setInput(NOTHING);
        wheel.set(rest, REST_TICKS);
    }

    private void sync(ChannelHandlerContext ctx) {
        if (unflushed) {
            unflushed = false;
            deflated(ctx, Deflater.SYNC_FLUSH);
        }
    }

    private void deflated(ChannelHandlerContext ctx, int flush) {
        byte[] piece = PIECES_OUT.get();
        int length;
        do {
            length = deflater.deflate(piece, 0, PIECE, flush);
            if (length > 0) {
                ctx.write(ctx.alloc().ioBuffer(length).writeBytes(piece, 0, length), ctx.voidPromise());
            }
        } while (length == PIECE || flush == Deflater.NO_FLUSH && !deflater.needsInput());
    }

    private void rested() {
        if (!unflushed) {
            endDeflater();
        }
    }

    private void endDeflater() {
        wheel.cancel(rest);
        if (deflater != null) {
            deflater.end();
            deflater = null;
        }
    }

    private static FastThreadLocal<byte[]> pieces() {
        return new FastThreadLocal<>() {
            @Override
            protected byte[] initialValue() {
                return new byte[PIECE];
            }
        };
    }
}
