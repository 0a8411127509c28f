package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions.Tls;
import io.postrider.testkit.TestClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Neither side can make the other keep what it does not take; over TLS as in the clear. */
class BackPressureTest extends ServerTest {
    /** The two kernels' socket buffers take some megabytes by themselves. */
    private static final long KERNELS_BUFFERS = 16L << 20;

    @ParameterizedTest
    @EnumSource(names = {"NONE", "IMPLICIT"})
    void whatTheClientDoesNotReadIsNotWritten(Tls tls) {
        long flood = 64L << 20;
        try (TestClient client = connect(tls)) {
            client.send("FLOOD " + flood);
            eventually("the flood stops rising", this::stillWater);
            long written = echo.octetsWritten.get();
            assertTrue(written < KERNELS_BUFFERS, written + " octets written to a client that reads nothing");
            for (long left = flood; left > 0; left -= 1 << 20) {
                client.octets(1 << 20);
            }
            assertEquals("", client.line());
            assertEquals(flood, echo.octetsWritten.get());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "IMPLICIT"})
    void aPausedConnectionIsNotRead(Tls tls) {
        try (TestClient client = connect(tls)) {
            client.send("PAUSE");
            eventually("it is paused", () -> echo.lines.contains("PAUSE"));
            long taken = sendUntilStuck(client, "x".repeat(998) + "\r\n", echo.octetsReceived);
            assertTrue(taken < 200_000, taken + " octets read from a paused client");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "IMPLICIT"})
    void whatIsPausedGoesOnWhenResumed(Tls tls) {
        try (TestClient client = connect(tls)) {
            client.send("LATER 300");
            for (int i = 0; i < 2000; i++) {
                client.send("line " + i);
            }
            client.linesUntil(line -> line.equals("later"));
            client.linesUntil(line -> line.equals("line 1999"));
            assertEquals(2001, echo.lines.size());
        }
    }

    /** Its replies would otherwise pile up here, as fast as it can send NOOP. */
    @ParameterizedTest
    @EnumSource(names = {"NONE", "IMPLICIT"})
    void whoReadsNoReplyIsNotReadEither(Tls tls) {
        try (TestClient client = connect(tls)) {
            long taken = sendUntilStuck(client, ("x".repeat(98) + "\r\n").repeat(100), echo.octetsReceived);
            assertTrue(taken < KERNELS_BUFFERS, taken + " octets answered to a client that reads nothing");
        }
    }

    private TestClient connect(Tls tls) {
        ProtocolServer server = start(tls);
        TestClient client =
                tls == Tls.IMPLICIT ? TestClient.connectTls(server.port()) : TestClient.connect(server.port());
        client.line();
        return client;
    }

    private boolean stillWater() {
        long before = echo.octetsWritten.get();
        pause(300);
        return before > 0 && echo.octetsWritten.get() == before;
    }

    /** What the server has taken when it takes no more; the connection is cut then, or the client could not close. */
    private long sendUntilStuck(TestClient client, String octets, AtomicLong taken) {
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 1_000_000; i++) {
                    client.sendRaw(octets);
                }
            } catch (java.io.UncheckedIOException e) {
                // It was cut.
            }
        });
        eventually("the server takes no more", () -> {
            long before = taken.get();
            pause(500);
            return taken.get() == before;
        });
        long stuckAt = taken.get();
        Connection connection = echo.connections.peek();
        assertFalse(connection.isClosed());
        connection.context().runOnContext(now -> connection.cut());
        sending.join();
        return stuckAt;
    }
}
