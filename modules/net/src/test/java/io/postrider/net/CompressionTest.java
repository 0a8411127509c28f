package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** DEFLATE in the pipeline, octet by octet where that matters. */
class CompressionTest {
    private final AtomicLong nanos = new AtomicLong();
    private final TimerWheel wheel = new TimerWheel(nanos::get);
    private final EmbeddedChannel channel = new EmbeddedChannel(new Compression(wheel), new Copies());
    private final Deflater deflater = new Deflater(6, true);
    private final Inflater inflater = new Inflater(true);

    /** As {@link Connection} does: what is passed on is good for the moment only. */
    private static final class Copies extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.fireChannelRead(Unpooled.copiedBuffer((ByteBuf) message));
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        deflater.end();
        inflater.end();
    }

    private byte[] deflated(byte[] octets, int flush) {
        deflater.setInput(octets);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 16];
        int length;
        do {
            length = deflater.deflate(piece, 0, piece.length, flush);
            all.write(piece, 0, length);
        } while (length == piece.length);
        return all.toByteArray();
    }

    private byte[] written() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuf each;
        while ((each = channel.readOutbound()) != null) {
            all.writeBytes(bytes(each));
        }
        return all.toByteArray();
    }

    private byte[] inflated(byte[] compressed) {
        inflater.setInput(compressed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 16];
        try {
            int length;
            while ((length = inflater.inflate(piece)) > 0) {
                all.write(piece, 0, length);
            }
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        }
        return all.toByteArray();
    }

    private byte[] readable() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuf each;
        while ((each = channel.readInbound()) != null) {
            all.writeBytes(bytes(each));
        }
        return all.toByteArray();
    }

    private static byte[] bytes(ByteBuf octets) {
        byte[] bytes = new byte[octets.readableBytes()];
        octets.readBytes(bytes);
        octets.release();
        return bytes;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatIsFlushedCanBeReadAtOnceHoweverItIsCut() {
        for (String line : new String[] {"* OK hello\r\n", "a OK\r\n", "x".repeat(200_000), ""}) {
            for (int i = 0; i < line.length(); i += 7000) {
                channel.write(Unpooled.wrappedBuffer(text(line.substring(i, Math.min(line.length(), i + 7000)))));
            }
            channel.flush();
            assertArrayEquals(text(line), inflated(written()));
        }
    }

    @Test
    void nothingIsSentForAFlushOfNothing() {
        channel.writeAndFlush(Unpooled.wrappedBuffer(text("a")));
        written();
        channel.flush();
        channel.flush();
        assertEquals(0, written().length);
    }

    @Test
    void theCompressorsMemoryIsGivenBackAndTheStreamGoesOn() {
        byte[] noise = new byte[50_000];
        new Random(4978).nextBytes(noise);
        for (int i = 0; i < 3; i++) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(noise.clone()));
            assertArrayEquals(noise, inflated(written()));
            nanos.addAndGet(Compression.REST_TIME.plusSeconds(1).toNanos());
            wheel.turn();
        }
    }

    @Test
    void whatComesIsInflatedWhereverItIsCut() {
        byte[] noise = new byte[70_000];
        new Random(1).nextBytes(noise);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        for (byte[] part : new byte[][] {text("a NOOP\r\n"), noise, text("b ".repeat(60_000)), text("c NOOP\r\n")}) {
            sent.writeBytes(part);
            compressed.writeBytes(deflated(part, Deflater.SYNC_FLUSH));
        }
        byte[] all = compressed.toByteArray();
        ByteArrayOutputStream came = new ByteArrayOutputStream();
        Random random = new Random(2);
        for (int from = 0; from < all.length; ) {
            int to = Math.min(all.length, from + 1 + random.nextInt(random.nextInt(10) == 0 ? 9000 : 40));
            channel.writeInbound(Unpooled.copiedBuffer(all, from, to - from));
            channel.runPendingTasks();
            came.writeBytes(readable());
            from = to;
        }
        assertArrayEquals(sent.toByteArray(), came.toByteArray());
    }

    @Test
    void aZipBombIsNotInflatedAheadOfWhoReads() {
        byte[] bomb = deflated(new byte[64 << 20], Deflater.SYNC_FLUSH);
        assertTrue(bomb.length < 80_000);
        channel.config().setAutoRead(false);
        channel.writeInbound(Unpooled.wrappedBuffer(bomb));
        channel.runPendingTasks();
        assertNull(channel.readInbound());
        long length = 0;
        while (length < 64 << 20) {
            // A reader that stops at each piece gets one at a time.
            channel.pipeline().addLast("once", new StopsReading());
            channel.config().setAutoRead(true);
            channel.runPendingTasks();
            byte[] piece = readable();
            assertTrue(piece.length > 0 && piece.length <= Compression.PIECE, piece.length + " octets at once");
            length += piece.length;
            channel.pipeline().remove("once");
        }
        assertEquals(64 << 20, length);
    }

    private static final class StopsReading extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.channel().config().setAutoRead(false);
            ctx.fireChannelRead(message);
        }
    }

    @Test
    void theEndComesBehindWhatIsHeld() {
        StringBuilder events = new StringBuilder();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                events.append(new String(bytes((ByteBuf) message), StandardCharsets.US_ASCII));
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                events.append("end");
            }
        });
        channel.config().setAutoRead(false);
        channel.writeInbound(Unpooled.wrappedBuffer(deflated(text("a LOGOUT "), Deflater.SYNC_FLUSH)));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.config().setAutoRead(true);
        channel.runPendingTasks();
        assertEquals("a LOGOUT end", events.toString());
    }

    @Test
    void nonsenseIsAnErrorOfTheClients() {
        ByteBuf plain = Unpooled.wrappedBuffer(text("a NOOP\r\nplain text"));
        assertThrows(IOException.class, () -> channel.writeInbound(plain));
    }

    /** RFC 8437 §4.1 */
    @Test
    void whatFollowsTheLastFlushIsPlainOnceCompressionEnds() {
        byte[] last = deflated(text("a UNAUTHENTICATE\r\n"), Deflater.SYNC_FLUSH);
        channel.pipeline().addLast("ends", new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.fireChannelRead(message);
                if (ctx.pipeline().get(Compression.class) != null) {
                    ctx.pipeline().remove(Compression.class);
                }
            }
        });
        channel.writeInbound(Unpooled.wrappedBuffer(last, text("b LOGIN\r\n")));
        assertEquals("a UNAUTHENTICATE\r\nb LOGIN\r\n", new String(readable(), StandardCharsets.US_ASCII));
        channel.writeInbound(Unpooled.wrappedBuffer(text("c NOOP\r\n")));
        assertEquals("c NOOP\r\n", new String(readable(), StandardCharsets.US_ASCII));
        assertFalse(channel.pipeline().toMap().containsKey("Compression"));
    }
}
