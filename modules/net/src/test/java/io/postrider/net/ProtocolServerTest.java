package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postrider.net.ListenerOptions.Tls;
import io.postrider.testkit.TestClient;
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
                        .map(Connection::context)
                        .collect(Collectors.toSet())
                        .size());
        assertEquals(8, echo.connections.stream().map(Connection::id).distinct().count());
        assertEquals("127.0.0.1", echo.connections.peek().clientAddress());
        clients.forEach(TestClient::close);
        eventually("all are gone", () -> echo.closed.get() == 8);
    }
}
