package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.ProtocolServer;
import io.postrider.net.TlsContexts;
import io.postrider.testkit.TestAuthority;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that show a certificate. */
class ExternalTest {
    private static final String WITH = "* EXTERNAL SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN";
    private static final String WITHOUT = "* SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN";

    @TempDir
    static Path files;

    private static SaslFixture fixture;
    private static TestAuthority authority;
    private static ProtocolServer server;

    @BeforeAll
    static void start() {
        fixture = new SaslFixture();
        fixture.add("alice@example.com", "wonderland");
        fixture.add("bob@example.com", "builder");
        authority = TestAuthority.create(files, "authority");
        TestCertificate certificate = TestCertificate.create(files, "localhost");
        TlsContexts contexts = TlsContexts.load(certificate.certificate(), certificate.key(), authority.certificate());
        server = fixture.serve(
                ListenerOptions.loopback("tls", Tls.IMPLICIT),
                new SaslProtocol(fixture.sasl(GuessLimits.NONE)),
                contexts);
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void aCertificateIsALogin() {
        SSLContext alice = authority.client("Alice@example.com");
        // The second and third resume the session of the first.
        for (int i = 0; i < 3; i++) {
            try (TestClient client = TestClient.connectTls(server.port(), alice)) {
                assertEquals(WITH, client.line());
                client.send("AUTH EXTERNAL");
                assertEquals("+ ", client.line());
                client.send("");
                assertEquals("OK alice@example.com", client.line());
            }
        }
        try (TestClient client = TestClient.connectTls(server.port(), alice)) {
            client.line();
            client.send("AUTH EXTERNAL =");
            assertEquals("OK alice@example.com", client.line());
            client.send("AUTH EXTERNAL " + base64("alice@EXAMPLE.com"));
            assertEquals("OK alice@example.com", client.line());
            client.send("AUTH EXTERNAL " + base64("bob@example.com"));
            assertEquals("INVALID", client.line());
            client.send("LOGIN bob@example.com builder");
            assertEquals("OK bob@example.com", client.line(), "other ways in are open as ever");
        }
    }

    @Test
    void ofSeveralAddressesOneIsNamed() {
        try (TestClient client =
                TestClient.connectTls(server.port(), authority.client("alice@example.com", "bob@example.com"))) {
            client.line();
            client.send("AUTH EXTERNAL =");
            assertEquals("INVALID", client.line());
            client.send("AUTH EXTERNAL " + base64("bob@example.com"));
            assertEquals("OK bob@example.com", client.line());
        }
    }

    @Test
    void aCertificateOfNobodysIsNone() {
        try (TestClient client = TestClient.connectTls(server.port(), authority.client("nobody@example.com"))) {
            assertEquals(WITH, client.line());
            client.send("AUTH EXTERNAL =");
            assertEquals("INVALID", client.line());
        }
    }

    @Test
    void withoutACertificateItIsNotOffered() {
        try (TestClient client = TestClient.connectTls(server.port())) {
            assertEquals(WITHOUT, client.line());
            client.send("AUTH EXTERNAL =");
            assertEquals("NO_MECHANISM", client.line());
            client.send("LOGIN bob@example.com builder");
            assertEquals("OK bob@example.com", client.line());
        }
        try (TestClient client = TestClient.connectTls(server.port(), authority.client())) {
            assertEquals(WITHOUT, client.line(), "nor with one that names no address");
        }
    }

    @Test
    void aCertificateOfAnotherAuthoritysIsNoWayIn() {
        SSLContext other = TestAuthority.create(files, "other").client("alice@example.com");
        try (TestClient client = TestClient.connectTls(server.port(), other)) {
            assertEquals(WITHOUT, client.line(), "the client is told whose certificates are wanted, and has none");
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
