package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.testkit.TestClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class ProxyProtocolTest extends ServerTest {
    private static final Networks LOOPBACK = Networks.of(List.of("127.0.0.0/8", "::1"));
    private static final String V1 = "PROXY TCP4 192.0.2.7 198.51.100.1 40000 143\r\n";
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UDP4 = 0x12;

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void readTheLog() {
        logged.start();
        log().addAppender(logged);
    }

    @AfterEach
    void leaveTheLog() {
        log().detachAppender(logged);
    }

    @Test
    void theRealClientIsKnownAndTheBalancerIsLoggedBesideIt() {
        Level before = log().getLevel();
        log().setLevel(Level.DEBUG);
        try (TestClient client =
                TestClient.connect(startBehindBalancer(Tls.NONE).port())) {
            assertEquals("* hello plain", client.sendRaw(V1).line());
            assertEquals("192.0.2.7", onlyConnection().clientAddress());
            assertTrue(lines().stream().anyMatch(line -> line.endsWith("from 192.0.2.7 through 127.0.0.1")));
        } finally {
            log().setLevel(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeaderMayBeCutAnywhereAndCommandsMayFollowAtOnce(boolean version1) {
        int port = startBehindBalancer(Tls.NONE).port();
        byte[] header = version1 ? ascii(V1) : version2(TCP4, ipv4(192, 0, 2, 7), 0);
        for (int cut = 1; cut <= header.length; cut++) {
            try (TestClient client = TestClient.connect(port)) {
                client.sendRaw(java.util.Arrays.copyOf(header, cut));
                pause(5);
                client.sendRaw(join(java.util.Arrays.copyOfRange(header, cut, header.length), ascii("first\r\n")));
                assertEquals("* hello plain", client.line());
                assertEquals("first", client.line());
            }
        }
        assertTrue(
                echo.connections.stream().allMatch(each -> each.clientAddress().equals("192.0.2.7")));
    }

    @Test
    void ipv6IsWrittenShortAndIpv4InsideItIsIpv4() {
        int port = startBehindBalancer(Tls.NONE).port();
        byte[] address = new byte[16];
        address[0] = 0x20;
        address[1] = 0x01;
        address[2] = 0x0d;
        address[3] = (byte) 0xb8;
        address[15] = 7;
        greeted(port, version2(TCP6, address, 0));
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(ipv4(192, 0, 2, 7), 0, mapped, 12, 4);
        greeted(port, version2(TCP6, mapped, 0));
        greeted(port, ascii("PROXY TCP6 2001:DB8:0::7 ::1 40000 143\r\n"));
        assertEquals(
                List.of("2001:db8::7", "192.0.2.7", "2001:db8::7"),
                echo.connections.stream().map(Connection::clientAddress).toList());
    }

    @Test
    void healthChecksAreServedAndMakeNoNoise() {
        int port = startBehindBalancer(Tls.NONE).port();
        greeted(port, new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, 0x20, 0, 0, 0});
        greeted(port, ascii("PROXY UNKNOWN\r\n"));
        greeted(port, ascii("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"));
        // A check that connects, looks no further and goes.
        TestClient.connect(port).close();
        int secure = startSecond(Tls.IMPLICIT).port();
        TestClient.connect(secure).sendRaw("PROXY UNKNOWN\r\nQUIT\r\n").expectClosed();
        TestClient.connect(secure).sendRaw("PROXY UNKNOWN\r\n").close();
        eventually("all are gone", () -> echo.closed.get() == 3 && gauge() == 0);
        assertEquals(List.of(), lines());
        assertTrue(
                echo.connections.stream().allMatch(each -> each.clientAddress().equals("127.0.0.1")));
    }

    @Test
    void theHeaderComesBeforeTls() {
        try (TestClient client =
                TestClient.connect(startBehindBalancer(Tls.IMPLICIT).port())) {
            client.sendRaw(version2(TCP4, ipv4(192, 0, 2, 7), 0)).startTls();
            assertTrue(client.line().startsWith("* hello TLSv1"));
            assertEquals("again", client.send("again").line());
            assertEquals("192.0.2.7", onlyConnection().clientAddress());
        }
    }

    @Test
    void theHeaderComesBeforeStartTls() {
        int port = startBehindBalancer(Tls.STARTTLS).port();
        for (int i = 0; i < 2 * INSTANCES; i++) {
            try (TestClient client = TestClient.connect(port)) {
                assertEquals("* hello plain", client.sendRaw(V1).line());
                assertEquals("go ahead", client.send("STARTTLS").line());
                assertEquals("inside", client.startTls().send("inside").line());
            }
        }
    }

    @Test
    void whoIsNoTrustedBalancerIsClosedWithALine() {
        ListenerOptions options = options(Tls.NONE).behind(0, Networks.of(List.of("198.51.100.0/24")));
        try (TestClient client = TestClient.connect(start(options).port())) {
            assertEquals("", client.sendRaw(V1).expectClosed());
        }
        assertEquals(List.of("echo-proxy: connection from 127.0.0.1, which is no trusted balancer: closed"), lines());
        assertEquals(1, count("postrider.connections.refused", "listener", "echo-proxy"));
        assertTrue(echo.connections.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a1 LOGIN alice secret\r\n",
                "a1 LOGIN alice secret\r\na2 NOOP\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 40000\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 40000 70000\r\n",
                "PROXY TCP4 192.0.2.777 198.51.100.1 40000 143\r\n",
                "PROXY TCP4 mail.example.com 198.51.100.1 40000 143\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 40000 143\r\n",
                "PROXY TCP5 192.0.2.7 198.51.100.1 40000 143\r\n",
                "\r\n\r\n\0\r\nQUIT\n\u0031\u0011\0\u0004abcd",
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0004abcd",
                "PROXY TCP4 garbage garbage\r\nPROXY TCP4 192.0.2.7 198.51.100.1 40000 143\r\n",
            })
    void aMissingOrMalformedHeaderClosesWithALineThatDoesNotRepeatIt(String instead) {
        try (TestClient client =
                TestClient.connect(startBehindBalancer(Tls.NONE).port())) {
            assertEquals("", client.sendRaw(instead).expectClosed());
        }
        eventually("it is said", () -> lines().size() == 1);
        assertTrue(
                lines().get(0)
                        .matches("echo-proxy: connection [a-z0-9]+ from 127.0.0.1: a malformed PROXY header: closed"),
                lines().get(0));
        assertTrue(echo.connections.isEmpty());
    }

    @Test
    void aHeaderOfSomethingElseThanTcpIsMalformed() {
        try (TestClient client =
                TestClient.connect(startBehindBalancer(Tls.NONE).port())) {
            assertEquals(
                    "", client.sendRaw(version2(UDP4, ipv4(192, 0, 2, 7), 0)).expectClosed());
        }
        assertEquals(1, lines().size());
    }

    @Test
    void aHeaderTakesSoManyOctetsAndNoMore() {
        int port = startBehindBalancer(Tls.NONE).port();
        // The decoder counts addresses as if they were the longest there are, of Unix sockets.
        int most = ProxyHeader.MAX_TLV_OCTETS + 216 - 12;
        greeted(port, version2(TCP4, ipv4(192, 0, 2, 7), most));
        try (TestClient client = TestClient.connect(port)) {
            assertEquals(
                    "",
                    client.sendRaw(version2(TCP4, ipv4(192, 0, 2, 7), most + 1)).expectClosed());
        }
        String longest = "PROXY UNKNOWN " + "x".repeat(108 - 14) + "\r\n";
        greeted(port, ascii(longest));
        try (TestClient client = TestClient.connect(port)) {
            assertEquals(
                    "", client.sendRaw("PROXY UNKNOWN " + "x".repeat(108 - 13)).expectClosed());
        }
    }

    @Test
    void aHeaderMustComeInTime() {
        int port = startBehindBalancer(Tls.NONE).port();
        long start = System.nanoTime();
        try (TestClient client = TestClient.connect(port)) {
            client.sendRaw("PROXY TCP4 ");
            assertEquals("", client.expectClosed());
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(millis >= ProxyHeader.TIME.toMillis(), "closed after " + millis + " ms");
        assertTrue(lines().get(0).endsWith(": no PROXY header in 5 s: closed"), lines().toString());
    }

    @Test
    void aFloodOfStrangersWritesAFewLines() {
        ListenerOptions options = options(Tls.NONE).behind(0, Networks.of(List.of("198.51.100.0/24")));
        int port = start(options).port();
        for (int i = 0; i < 100; i++) {
            TestClient.connect(port).expectClosed();
        }
        assertEquals(100, count("postrider.connections.refused", "listener", "echo-proxy"));
        assertEquals(INSTANCES * StrangersLog.LINES, lines().size());
    }

    @Test
    void eachClientHasItsOwnBoundBehindTheBalancer() {
        ConnectionsPerAddress two = new ConnectionsPerAddress(2, Networks.of(List.of("203.0.113.0/24")));
        int port =
                start(options(Tls.NONE).behind(0, LOOPBACK).withPerAddress(two)).port();
        List<TestClient> open = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            open.add(TestClient.connect(port).sendRaw(V1));
            assertEquals("* hello plain", open.get(i).line());
        }
        try (TestClient third = TestClient.connect(port)) {
            assertEquals("", third.sendRaw(V1).expectClosed());
        }
        assertEquals(1, lines().size());
        assertTrue(lines().get(0).endsWith(" from 192.0.2.7: more than 2 at once: closed"), lines().get(0));
        // Others, who is exempt, and the balancer's health checks have room.
        for (int i = 0; i < 3; i++) {
            open.add(TestClient.connect(port).sendRaw("PROXY TCP4 203.0.113.9 198.51.100.1 40000 143\r\n"));
            assertEquals("* hello plain", open.get(open.size() - 1).line());
            open.add(TestClient.connect(port).sendRaw("PROXY UNKNOWN\r\n"));
            assertEquals("* hello plain", open.get(open.size() - 1).line());
        }
        greeted(port, ascii("PROXY TCP4 192.0.2.8 198.51.100.1 40000 143\r\n"));
        open.forEach(TestClient::close);
        eventually("nobody is remembered", () -> two.addresses() == 0);
        greeted(port, ascii(V1));
    }

    private ProtocolServer startBehindBalancer(Tls tls) {
        return start(options(tls).behind(0, LOOPBACK));
    }

    private ProtocolServer startSecond(Tls tls) {
        return start(ListenerOptions.loopback("second", tls).withInstances(1).behind(0, LOOPBACK));
    }

    private static void greeted(int port, byte[] header) {
        try (TestClient client = TestClient.connect(port)) {
            assertEquals("* hello plain", client.sendRaw(header).line());
        }
    }

    private double gauge() {
        return registry.find("postrider.connections").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    private Connection onlyConnection() {
        assertEquals(1, echo.connections.size());
        return echo.connections.peek();
    }

    private List<String> lines() {
        return List.copyOf(logged.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] ipv4(int... octets) {
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            address[i] = (byte) octets[i];
        }
        return address;
    }

    /** Of the source address, with the same as destination, and a TLV of so many octets in all if any. */
    private static byte[] version2(int family, byte[] address, int tlvOctets) {
        int length = 2 * address.length + 4 + tlvOctets;
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, 0x21, (byte) family});
        header.writeBytes(new byte[] {(byte) (length >> 8), (byte) length});
        header.writeBytes(address);
        header.writeBytes(address);
        header.writeBytes(new byte[] {0x12, 0x34, 0, (byte) 143});
        if (tlvOctets > 0) {
            int value = tlvOctets - 3;
            header.writeBytes(new byte[] {5, (byte) (value >> 8), (byte) value});
            header.writeBytes(new byte[value]);
        }
        return header.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger("io.postrider.net");
    }
}
