package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.testkit.TestClient;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Netty counts references to its buffers; what is never given back is memory lost for ever. */
class LeakTest extends ServerTest {
    @Test
    void nothingLeaksHoweverConnectionsEnd() {
        assertEquals(ResourceLeakDetector.Level.PARANOID, ResourceLeakDetector.getLevel());
        Queue<String> leaks = new ConcurrentLinkedQueue<>();
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + " " + records));
        for (Tls tls : Tls.values()) {
            ProtocolServer server = start(options(tls));
            for (int i = 0; i < 40; i++) {
                for (String end :
                        List.of("BYE", "THROW", "FLOOD 1000000", "SPLASH 1000000", "STARTTLS", "PAUSE", "x")) {
                    converse(server, tls, end);
                }
            }
            await(server.stop());
        }
        collectGarbage();
        assertEquals(List.of(), List.copyOf(leaks));

        leakOne();
        collectGarbage();
        assertFalse(leaks.isEmpty(), "or this test would see no leak at all");
        ByteBufUtil.setLeakListener(null);
    }

    private static void leakOne() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }

    private static void collectGarbage() {
        for (int i = 0; i < 5; i++) {
            System.gc();
            pause(50);
            // A leak is told of when the next buffer is made.
            PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
    }

    private void converse(ProtocolServer server, Tls tls, String end) {
        try (TestClient client =
                tls == Tls.IMPLICIT ? TestClient.connectTls(server.port()) : TestClient.connect(server.port())) {
            client.sendRaw("hello\r\n" + end + "\r\nsome more\r\nand a line that does not e");
        } catch (UncheckedIOException e) {
            // It was quicker to close.
        }
    }
}
