package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.testkit.TestClient;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProtocolServerTest extends ServerTest {
    @Test
    void saysLinesBackOnAllItsEventLoops() {
        ProtocolServer server = start(Tls.NONE);
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            TestClient client = TestClient.connect(server.port());
            clients.add(client);
            assertEquals("* hello plain", client.line());
            client.send("line " + i);
            assertEquals("line " + i, client.line());
        }
        assertEquals(
                INSTANCES,
                echo.connections.stream()
                        .map(connection -> ((ContextInternal) connection.context()).nettyEventLoop())
                        .collect(Collectors.toSet())
                        .size());
        assertEquals(8, echo.connections.stream().map(Connection::id).distinct().count());
        assertEquals("127.0.0.1", echo.connections.peek().clientAddress());
        clients.forEach(TestClient::close);
        eventually("all are gone", () -> echo.closed.get() == 8);
    }

    /** What `printf ... | nc -N` does. */
    @Test
    void aClientThatSendsNoMoreGetsItsRepliesAll() {
        ProtocolServer server = start(Tls.NONE);
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.sendRaw("one\r\ntwo\r\n").endOutput();
            assertEquals("one\r\ntwo\r\n* you are done\r\n", client.expectClosed());
        }
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.sendRaw("LATER 50\r\n").endOutput();
            assertEquals("later\r\n* you are done\r\n", client.expectClosed());
        }
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.sendRaw("LATER 50 a lot of octets\r\n").endOutput();
            pause(200);
            assertEquals(7 + (4 << 20) + 16, client.expectClosed().length());
        }
        eventually("all gone", () -> echo.closed.get() == 3);
    }

    @Test
    void aClientThatSendsNoMoreGetsAWholeFlood() {
        ProtocolServer server = start(Tls.NONE);
        int octets = 8 << 20;
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.sendRaw("SPLASH " + octets + "\r\n").endOutput();
            pause(200);
            assertEquals(octets, client.expectClosed().length());
        }
        eventually("gone", () -> echo.closed.get() == 1);
    }

    @Test
    void whatIsThrownWhenAFutureIsDoneClosesTheConnection() {
        ProtocolServer server = start(Tls.NONE);
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.send("THROW-LATER");
            assertEquals("", client.expectClosed());
        }
        eventually("gone", () -> echo.closed.get() == 1);
    }

    @Test
    void aPortInUseIsOneClearLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListenerOptions options = ListenerOptions.of("imap", "127.0.0.1", other.getLocalPort(), Tls.NONE);
            Throwable failure = assertThrows(
                    IllegalStateException.class,
                    () -> await(ProtocolServer.start(vertx, options, echo, null, registry)));
            assertEquals(
                    "listener imap cannot listen on 127.0.0.1 port " + other.getLocalPort() + ": the port is in use",
                    failure.getMessage());
        }
    }

    @Test
    void anAddressThatIsNotOursIsOneClearLine() {
        ListenerOptions options = ListenerOptions.of("imap", "192.0.2.1", 1143, Tls.NONE);
        Throwable failure = assertThrows(
                IllegalStateException.class, () -> await(ProtocolServer.start(vertx, options, echo, null, registry)));
        assertEquals(
                "listener imap cannot listen on 192.0.2.1 port 1143: this machine does not have the address",
                failure.getMessage());
    }

    /** Vert.x would give every second connection to the other. */
    @Test
    void twoListenersOnOnePortAreRefused() {
        ProtocolServer first = start(Tls.NONE);
        int port = first.port();
        await(first.stop());
        start(ListenerOptions.of("imap", "127.0.0.1", port, Tls.NONE));
        ListenerOptions options = ListenerOptions.of("pop3", "127.0.0.1", port, Tls.NONE);
        Throwable failure = assertThrows(
                IllegalStateException.class, () -> await(ProtocolServer.start(vertx, options, echo, null, registry)));
        assertEquals(
                "listener pop3 cannot listen on 127.0.0.1 port " + port + ": the port is in use", failure.getMessage());
    }

    @Test
    void twoListenersOnAnyFreePortGetOneEach() {
        ProtocolServer first = start(Tls.NONE);
        ProtocolServer second = await(ProtocolServer.start(
                vertx, ListenerOptions.loopback("second", Tls.NONE), echo, null, new SimpleMeterRegistry()));
        assertNotEquals(first.port(), second.port());
    }

    @Test
    void aListenerWithTlsNeedsACertificate() {
        assertThrows(
                IllegalArgumentException.class,
                () -> await(ProtocolServer.start(vertx, options(Tls.STARTTLS), echo, null, registry)));
    }

    @Test
    void takesAsManyConnectionsAsItMay() {
        ProtocolServer server = start(options(Tls.NONE).withMaxConnections(3));
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(TestClient.connect(server.port()));
            assertEquals("* hello plain", clients.get(i).line());
        }
        try (TestClient oneTooMany = TestClient.connect(server.port())) {
            assertEquals("", oneTooMany.expectClosed());
        }
        assertEquals(3, count("postrider.connections.accepted", "listener", "echo"));
        assertEquals(1, count("postrider.connections.refused", "listener", "echo"));

        clients.remove(0).close();
        eventually("there is room again", () -> gauge("false") == 2);
        try (TestClient next = TestClient.connect(server.port())) {
            assertEquals("* hello plain", next.line());
        }
        clients.forEach(TestClient::close);
    }

    @Test
    void countsOctetsAndConnections() {
        ProtocolServer server = start(Tls.NONE);
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.send("12345678");
            client.line();
            assertEquals(10, count("postrider.octets", "direction", "in"));
            assertEquals("* hello plain\r\n12345678\r\n".length(), count("postrider.octets", "direction", "out"));
            assertEquals(1, gauge("false"));
            assertEquals(0, gauge("true"));
        }
        eventually("it is gone", () -> gauge("false") == 0);
        await(server.stop());
        assertTrue(
                registry.getMeters().stream()
                        .allMatch(meter -> meter.getId().getName().startsWith("postrider.tenant")),
                "a stopped listener leaves no meters");
    }

    @Test
    void whatAHandlerThrowsClosesItsConnectionOnly() {
        ProtocolServer server = start(options(Tls.NONE).withInstances(1));
        try (TestClient other = TestClient.connect(server.port())) {
            other.line();
            for (String mishap : List.of("THROW", "OVERFLOW", "MEMORY")) {
                try (TestClient client = TestClient.connect(server.port())) {
                    client.line();
                    client.send(mishap);
                    assertEquals("", client.expectClosed(), mishap);
                }
            }
            eventually("all three are closed", () -> echo.closed.get() == 3);
            other.send("still here");
            assertEquals("still here", other.line());
        }
    }

    @Test
    void aStopLetsConnectionsSayGoodbye() {
        ProtocolServer server = start(Tls.NONE);
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(TestClient.connect(server.port()));
            clients.get(i).line();
        }
        Future<Void> stopped = server.stop();
        for (TestClient client : clients) {
            assertEquals("* going down\r\n", client.expectClosed());
            client.close();
        }
        await(stopped);
        assertEquals(4, echo.closed.get());
        assertThrows(UncheckedIOException.class, () -> TestClient.connect(server.port()));
    }

    @Test
    void aStopCutsWhoDoesNotEndWithinTheGraceTime() throws Exception {
        echo.endsWhenAsked = false;
        ProtocolServer server = start(options(Tls.NONE).withTimes(LONG, LONG, Duration.ofMillis(300)));
        try (TestClient idle = TestClient.connect(server.port());
                TestClient flooded = TestClient.connect(server.port())) {
            idle.line();
            flooded.line();
            // It never reads, so a polite close behind what waits would wait for ever.
            flooded.send("FLOOD 100000000");
            eventually("it is flooded", () -> echo.lines.contains("FLOOD 100000000"));
            Future<Void> stopped = server.stop();
            eventually("both are asked", () -> echo.shutDowns.get() == 2);
            idle.send("a last command");
            assertEquals("a last command", idle.line());
            await(stopped);
            assertEquals("", idle.expectClosed());
            assertEquals(2, echo.closed.get());
        }
    }

    @Test
    void aClientThatStaysSilentIsTimedOut() {
        ProtocolServer server = start(Tls.NONE);
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.send("IDLE 2000");
            client.line();
            for (int i = 0; i < 6; i++) {
                pause(500);
                client.send("still typing");
                assertEquals("still typing", client.line());
            }
            long before = System.nanoTime();
            assertEquals("* too slow\r\n", client.expectClosed());
            long millis = (System.nanoTime() - before) / 1_000_000;
            assertTrue(millis >= 1_800, "closed after " + millis + " ms");
        }
    }

    @Test
    void aClientThatTakesNothingIsTimedOutAndThenCut() {
        ProtocolServer server = start(options(Tls.NONE).withTimes(LONG, Duration.ofMillis(300), LONG));
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.send("IDLE 300");
            client.line();
            client.send("FLOOD 100000000");
            eventually("it is cut", () -> echo.closed.get() == 1);
        }
    }

    @Test
    void lastWordsReachAClientThatStillSends() {
        ProtocolServer server = start(Tls.NONE);
        for (int i = 0; i < 20; i++) {
            try (TestClient client = TestClient.connect(server.port())) {
                client.line();
                client.sendRaw("BYE\r\n" + "more\r\n".repeat(20_000));
                assertEquals("bye", client.line());
            }
        }
    }

    @Test
    void allThatWasWrittenLeavesBeforeTheClose() {
        ProtocolServer server = start(Tls.NONE);
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.send("SPLASH 3000000");
            pause(100);
            assertEquals(3_000_000, client.expectClosed().length());
        }
    }

    @Test
    void aClosedConnectionIsLeftToItsClientForAWhileOnly() {
        ProtocolServer server = start(Tls.NONE);
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.send("BYE");
            assertEquals("bye\r\n", client.expectClosed());
            assertEquals(0, echo.closed.get());
            eventually("it is cut", () -> echo.closed.get() == 1);
        }
    }

    @Test
    void aConnectionIsTouchedOnItsOwnContextOnly() {
        ProtocolServer server = start(Tls.NONE);
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            Connection connection = echo.connections.peek();
            assertThrows(IllegalStateException.class, () -> connection.write("from elsewhere"));
        }
    }

    private double gauge(String tls) {
        return registry.get("postrider.connections").tag("tls", tls).gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }
}
