package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.testkit.AnyCertificate;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest extends ServerTest {
    @Test
    void implicitTlsComesBeforeTheGreeting() {
        ProtocolServer server = start(options(Tls.IMPLICIT).withPlainTextPasswords(false));
        for (int i = 0; i < 6; i++) {
            try (TestClient client = TestClient.connectTls(server.port())) {
                assertEquals("* hello TLSv1.3", client.line());
                client.send("PASSWORDS");
                assertEquals("true", client.line());
                assertEquals(1, secureConnections());
            }
            eventually("it is gone", () -> secureConnections() == 0);
        }
        assertEquals(6, count("postrider.tls.handshakes", "outcome", "ok"));
    }

    @Test
    void startTlsWorksOnEveryEventLoop() {
        ProtocolServer server = start(options(Tls.STARTTLS).withPlainTextPasswords(false));
        for (int i = 0; i < 20; i++) {
            try (TestClient client = TestClient.connect(server.port())) {
                assertEquals("* hello plain", client.line());
                client.send("PASSWORDS");
                assertEquals("false", client.line());
                client.send("STARTTLS");
                assertEquals("go ahead", client.line());
                client.startTls();
                client.send("PASSWORDS");
                assertEquals("true", client.line());
            }
        }
        assertEquals(
                INSTANCES,
                echo.connections.stream()
                        .map(connection -> ((ContextInternal) connection.context()).nettyEventLoop())
                        .distinct()
                        .count());
        assertTrue(echo.connections.stream()
                .allMatch(connection -> connection.tlsVersion().equals("TLSv1.3")));
    }

    @Test
    void aSecondStartTlsIsNotOffered() {
        ProtocolServer server = start(Tls.STARTTLS);
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            assertTrue(echo.connections.peek().startTlsOffered());
            client.send("STARTTLS");
            client.line();
            client.startTls().send("once");
            assertEquals("once", client.line());
            assertFalse(echo.connections.peek().startTlsOffered());
        }
    }

    /** CVE-2011-0411: what came in the clear would be taken for the client's own words after the handshake. */
    @ParameterizedTest
    @ValueSource(strings = {"STARTTLS\r\nINJECTED\r\n", "STARTTLS\r\nINJECTED", "STARTTLS\nI", "STARTTLS\n\n"})
    void whatIsInjectedWithTheCommandIsNeverHandled(String octets) {
        ProtocolServer server = start(Tls.STARTTLS);
        for (int i = 0; i < 6; i++) {
            try (TestClient client = TestClient.connect(server.port())) {
                client.line();
                client.sendRaw(octets);
                assertEquals("", client.expectClosed());
            }
        }
        assertTrue(echo.lines.stream().allMatch("STARTTLS"::equals), () -> "handled: " + echo.lines);
    }

    /** In segments of their own, before, while and after the reply goes out. */
    @Test
    void whatIsInjectedRightBehindTheCommandIsNeverHandled() {
        ProtocolServer server = start(Tls.STARTTLS);
        for (int i = 0; i < 60; i++) {
            try (TestClient client = TestClient.connect(server.port())) {
                client.line();
                client.sendRaw("STARTTLS\r\n");
                pauseMicros(i * 20);
                try {
                    client.sendRaw("INJECTED\r\n");
                } catch (UncheckedIOException e) {
                    // Closed already.
                }
                assertThrows(RuntimeException.class, () -> client.startTls().line());
            }
        }
        eventually("all are gone", () -> echo.closed.get() == 60);
        assertFalse(echo.lines.contains("INJECTED"), () -> "handled: " + echo.lines);
    }

    @Test
    void nothingIsWrittenIntoTheHandshake() {
        ProtocolServer server = start(Tls.STARTTLS);
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.send("STARTTLS and say something");
            assertFalse(client.expectClosed().contains("too early"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0016\u0003\u0001\u0001\u0000\u0001", "\u0016"})
    void aHandshakeThatTakesTooLongIsCut(String start) {
        ProtocolServer server = start(options(Tls.IMPLICIT).withTimes(Duration.ofMillis(300), LONG, LONG));
        try (TestClient client = TestClient.connect(server.port())) {
            long before = System.nanoTime();
            client.sendRaw(start);
            assertEquals("", client.expectClosed());
            assertTrue(System.nanoTime() - before >= 290_000_000);
        }
        assertEquals(1, count("postrider.tls.handshakes", "outcome", "failed"));
        assertTrue(echo.connections.isEmpty(), "the protocol never saw it");
    }

    @Test
    void aHandshakeThatTakesTooLongBehindStartTlsIsCut() {
        ProtocolServer server = start(options(Tls.STARTTLS).withTimes(Duration.ofMillis(300), LONG, LONG));
        try (TestClient client = TestClient.connect(server.port())) {
            client.line();
            client.send("STARTTLS");
            assertEquals("go ahead\r\n", client.expectClosed());
            eventually("its handler knows", () -> echo.closed.get() == 1);
        }
    }

    @Test
    void whoDoesNotSpeakTlsIsCut() {
        ProtocolServer server = start(Tls.IMPLICIT);
        for (String words :
                List.of("a1 LOGIN me secret\r\n", "\0\0\0\0\0\0\0\0", "\u0015\u0003\u0001\u0000\u0002\u0001\u0000")) {
            try (TestClient client = TestClient.connect(server.port())) {
                client.sendRaw(words);
                client.expectClosed();
            }
        }
        assertTrue(echo.connections.isEmpty());
        eventually("all count as failed", () -> count("postrider.tls.handshakes", "outcome", "failed") == 3);
    }

    @Test
    void anEndlessClientHelloIsCut() {
        ProtocolServer server = start(Tls.IMPLICIT);
        try (TestClient client = TestClient.connect(server.port())) {
            int length = TlsContexts.MAX_CLIENT_HELLO + 1;
            client.sendRaw(new byte[] {22, 3, 1, 0x3f, (byte) 0xff, 1, 0, (byte) (length >> 8), (byte) length});
            client.sendRaw(new byte[0x3fff - 4]);
            client.expectClosed();
        }
        eventually("it counts as failed", () -> count("postrider.tls.handshakes", "outcome", "failed") == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aSessionIsResumed(String version) throws Exception {
        ProtocolServer server = start(options(Tls.IMPLICIT).withInstances(1));
        SSLContext client = AnyCertificate.context();
        long first = session(client, server, version).getCreationTime();
        pause(20);
        assertEquals(first, session(client, server, version).getCreationTime(), "a session of its own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "TLSv1"})
    void oldVersionsAreRefused(String version) throws Exception {
        ProtocolServer server = start(Tls.IMPLICIT);
        assertThrows(IOException.class, () -> session(AnyCertificate.context(), server, version));
    }

    @Test
    void theJdksTlsDoesWhereThereIsNoBoringSsl() throws Exception {
        TestCertificate certificate = TestCertificate.create(directory, "jdk");
        TlsContexts jdk = TlsContexts.load(certificate.certificate(), certificate.key(), SslProvider.JDK);
        ProtocolServer server = await(ProtocolServer.start(vertx, options(Tls.STARTTLS), echo, jdk, registry));
        for (int i = 0; i < 4; i++) {
            try (TestClient client = TestClient.connect(server.port())) {
                client.line();
                client.send("STARTTLS");
                client.line();
                client.startTls().send("FLOOD 1000000");
                client.octets(1_000_000);
                client.line();
                client.send("BYE");
                assertEquals("bye\r\n", client.expectClosed());
            }
        }
    }

    @Test
    void boringSslIsUsedWhereThePlatformHasIt() {
        Assumptions.assumeTrue(System.getProperty("os.arch").matches("amd64|aarch64"));
        assertTrue(OpenSsl.isAvailable(), () -> String.valueOf(OpenSsl.unavailabilityCause()));
    }

    @Test
    void theLastWordsArriveAndThenTheTlsEnd() {
        ProtocolServer server = start(Tls.IMPLICIT);
        try (TestClient client = TestClient.connectTls(server.port())) {
            client.line();
            client.send("SPLASH 3000000");
            pause(100);
            // An end without close_notify would be an exception here, not an end.
            assertEquals(3_000_000, client.octets(3_000_000).length);
            assertEquals("", client.expectClosed());
        }
    }

    private double secureConnections() {
        return registry.get("postrider.connections").tag("tls", "true").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    private static SSLSession session(SSLContext context, ProtocolServer server, String version) throws Exception {
        try (SSLSocket socket = connect(context, server)) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            byte[] greeting = socket.getInputStream().readNBytes(8);
            assertEquals("* hello ", new String(greeting, java.nio.charset.StandardCharsets.US_ASCII));
            assertTrue(Arrays.asList(socket.getEnabledProtocols())
                    .contains(socket.getSession().getProtocol()));
            return socket.getSession();
        }
    }

    private static SSLSocket connect(SSLContext context, ProtocolServer server) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void pauseMicros(int micros) {
        long until = System.nanoTime() + micros * 1000L;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }
}
