package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions.Tls;
import io.postrider.testkit.TestClient;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FarewellTest extends ServerTest {
    private static final Duration SPREAD = Duration.ofSeconds(3);

    @Test
    void twoHundredIdleClientsAreSentAwayOneAfterAnother() throws Exception {
        ProtocolServer server =
                start(options(Tls.NONE).withTimes(LONG, LONG, LONG).withSpread(SPREAD));
        List<TestClient> clients = connect(server.port(), 200);
        ExecutorService readers = Executors.newFixedThreadPool(200);
        try {
            List<java.util.concurrent.Future<Long>> goodbyes = new ArrayList<>();
            long start = System.nanoTime();
            Future<Void> stopped = server.stop();
            clients.forEach(client -> goodbyes.add(readers.submit(() -> {
                assertEquals("* going down", client.line());
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                client.close();
                return millis;
            })));
            int[] perFifth = new int[5];
            for (var goodbye : goodbyes) {
                long fifth = goodbye.get(20, TimeUnit.SECONDS) * 5 / SPREAD.toMillis();
                perFifth[(int) Math.min(4, fifth)]++;
            }
            for (int count : perFifth) {
                // Forty, if the machine were alone with us; all at once would leave fifths empty.
                assertTrue(count >= 5 && count <= 150, java.util.Arrays.toString(perFifth));
            }
            await(stopped);
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void aFewAreNotKeptWaiting() {
        ProtocolServer server =
                start(options(Tls.NONE).withTimes(LONG, LONG, LONG).withSpread(LONG));
        List<TestClient> clients = connect(server.port(), 5);
        long start = System.nanoTime();
        Future<Void> stopped = server.stop();
        clients.forEach(client -> assertEquals("* going down\r\n", client.expectClosed()));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(millis < 20_000, millis + " ms");
        clients.forEach(TestClient::close);
        await(stopped);
    }

    @Test
    void theLastIsAskedWhileThereIsGraceLeft() {
        ProtocolServer server = start(
                options(Tls.NONE).withTimes(LONG, LONG, Duration.ofSeconds(4)).withSpread(LONG));
        List<TestClient> clients = connect(server.port(), 60);
        Future<Void> stopped = server.stop();
        clients.forEach(client -> assertEquals("* going down\r\n", client.expectClosed()));
        clients.forEach(TestClient::close);
        await(stopped);
    }

    @Test
    void beforeItsTurnAClientIsServedAndHurryingEndsAllTurns() {
        ProtocolServer server =
                start(options(Tls.NONE).withTimes(LONG, LONG, LONG).withSpread(LONG));
        List<TestClient> clients = connect(server.port(), 400);
        Future<Void> stopped = server.stop();
        HashSet<TestClient> waiting = new HashSet<>(clients);
        waiting.removeIf(client -> client.hasInput(1));
        assertTrue(waiting.size() > 200, waiting.size() + " wait");
        TestClient one = waiting.iterator().next();
        assertEquals("still served", one.send("still served").line());
        server.hurry();
        clients.forEach(client -> {
            assertTrue(client.expectClosed().endsWith("* going down\r\n"));
            client.close();
        });
        await(stopped);
    }

    @Test
    void hurryingCutsWhoDoesNotEnd() {
        echo.endsWhenAsked = false;
        ProtocolServer server = start(options(Tls.NONE).withTimes(LONG, LONG, LONG));
        List<TestClient> clients = connect(server.port(), 2);
        Future<Void> stopped = server.stop();
        eventually("both are asked", () -> echo.shutDowns.get() == 2);
        assertFalse(stopped.isComplete());
        server.hurry();
        await(stopped);
        clients.forEach(client -> assertEquals("", client.expectClosed()));
    }

    @Test
    void whoIsAtTheTlsHandshakeMayFinishItAndIsTold() {
        ProtocolServer server = start(options(Tls.IMPLICIT).withTimes(LONG, LONG, LONG));
        try (TestClient client = TestClient.connect(server.port())) {
            eventually("it is taken", () -> count("postrider.connections.accepted", "listener", "echo") == 1);
            Future<Void> stopped = server.stop();
            pause(100);
            client.startTls();
            assertTrue(client.line().startsWith("* hello TLSv1"));
            assertEquals("* going down\r\n", client.expectClosed());
            client.close();
            await(stopped);
        }
    }

    private static List<TestClient> connect(int port, int count) {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(TestClient.connect(port));
            assertEquals("* hello plain", clients.get(i).line());
        }
        return clients;
    }
}
