package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import java.util.Arrays;

/** Fuzzed: what a balancer says is an address, a refusal, or not all there yet. {@code benchmarks/fuzz} runs it. */
public final class ProxyHeaderFuzz {
    private ProxyHeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int piece = 1 + (input[0] & 0x3F);
        EmbeddedChannel channel = new EmbeddedChannel(ProxyHeader.newDecoder());
        try {
            for (int at = 1; at < input.length; at += piece) {
                channel.writeInbound(
                        Unpooled.copiedBuffer(Arrays.copyOfRange(input, at, Math.min(input.length, at + piece))));
            }
            if (channel.inboundMessages().peek() instanceof HAProxyMessage header) {
                ProxyHeader.client(header);
            }
        } catch (DecoderException | IllegalArgumentException refused) {
            assertTrue(refused.getMessage() != null || refused.getCause() != null);
        } finally {
            release(channel);
        }
    }

    /** The decoder tries what it has left once more when the channel closes. */
    private static void release(EmbeddedChannel channel) {
        try {
            channel.finishAndReleaseAll();
        } catch (DecoderException refusedAgain) {
            assertTrue(refusedAgain.getCause() != null);
        }
    }
}
