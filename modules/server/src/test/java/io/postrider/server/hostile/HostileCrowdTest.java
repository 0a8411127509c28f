package io.postrider.server.hostile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.TestNode;
import io.postrider.server.config.Listener.Name;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients in numbers, that are slow, silent, or half way into TLS: others are served meanwhile, and each costs little. */
class HostileCrowdTest {
    /** Of heap and of buffers, and both sides' of it: the client's side is in this process, too. */
    private static final long MOST_OCTETS_EACH = 40_000;

    /** More cannot be had of one process here: both sides of each count. */
    private static final int SILENT = 2000;

    private static final int HALF_IN_TLS = 1000;
    private static final int SLOW = 500;

    private static final int LOG_LINES = 60;

    @TempDir
    static Path directory;

    private static TestNode node;

    private final List<SocketChannel> crowd = new ArrayList<>();

    @BeforeAll
    static void start() {
        node = TestNode.start(directory, Meanwhile.NAME);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @AfterEach
    void sendThemHome() throws IOException {
        for (SocketChannel one : crowd) {
            one.close();
        }
    }

    @Test
    void thousandsConnectAndSayNothing() throws IOException {
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES)) {
            long before = OctetsInUse.now();
            for (int i = 0; i < SILENT; i++) {
                connect(List.of(Name.IMAP, Name.POP3, Name.LMTP, Name.IMAPS).get(i % 4));
            }
            bystander.isStillAnswered();
            assertCostsLittle(before, SILENT);
        }
    }

    @Test
    void aThousandBeginTlsAndDoNotEndIt() throws IOException {
        // A ClientHello's beginning: 512 octets are promised.
        byte[] hello = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3};
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES)) {
            long before = OctetsInUse.now();
            for (int i = 0; i < HALF_IN_TLS; i++) {
                SocketChannel one = connect(i % 2 == 0 ? Name.IMAPS : Name.POP3S);
                one.write(ByteBuffer.wrap(hello));
            }
            bystander.isStillAnswered();
            assertCostsLittle(before, HALF_IN_TLS);
        }
    }

    @Test
    void fiveHundredSendAnOctetAtATime() throws IOException {
        List<byte[]> lines = List.of(
                octets("a1 LOGIN bystander@example.com {6+}\r\n"),
                octets("USER bystander@example.com\r\n"),
                octets("LHLO client.example.net\r\n"));
        try (Meanwhile bystander = new Meanwhile(node, LOG_LINES)) {
            long before = OctetsInUse.now();
            for (int i = 0; i < SLOW; i++) {
                connect(List.of(Name.IMAP, Name.POP3, Name.LMTP).get(i % 3));
            }
            for (int octet = 0; octet < 12; octet++) {
                for (int i = 0; i < SLOW; i++) {
                    crowd.get(i).write(ByteBuffer.wrap(lines.get(i % 3), octet, 1));
                }
                // A second in life; what is being tested does not get easier by being quicker.
                Meanwhile.pause(50);
            }
            bystander.isStillAnswered();
            assertCostsLittle(before, SLOW);
        }
    }

    private SocketChannel connect(Name name) throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port(name)));
        crowd.add(channel);
        return channel;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void assertCostsLittle(long before, int connections) {
        long each = (OctetsInUse.now() - before) / connections;
        System.out.println(each + " octets a connection, both sides");
        assertTrue(each < MOST_OCTETS_EACH, each + " octets a connection");
    }
}
