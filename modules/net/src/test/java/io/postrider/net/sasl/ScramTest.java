package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.ProtocolServer;
import io.postrider.net.TlsContexts;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SCRAM with a client of somebody else's (ongres), over real connections. */
class ScramTest {
    private static final String END_POINT = "tls-server-end-point";

    @TempDir
    static Path files;

    private static SaslFixture fixture;
    private static ProtocolServer plainText;
    private static ProtocolServer tls;
    private static byte[] certificateHash;

    @BeforeAll
    static void start() throws Exception {
        fixture = new SaslFixture();
        fixture.add("alice@example.com", "wonderland");
        fixture.add("o=de,r@example.com", "p\u00e4ss\u00a0word");
        fixture.addVerifier("imported@example.com", "$2y$05$9Sq.iAhhlwQ/XRlaGL/Q0uBb91LbAYKAJ6XfDczYkGCIAfhamA1Y2");
        SaslProtocol protocol = new SaslProtocol(fixture.sasl(GuessLimits.NONE));
        TestCertificate certificate = TestCertificate.create(files, "localhost");
        TlsContexts contexts = TlsContexts.load(certificate.certificate(), certificate.key());
        plainText = fixture.serve(ListenerOptions.loopback("plain", Tls.NONE), protocol, null);
        tls = fixture.serve(ListenerOptions.loopback("tls", Tls.IMPLICIT), protocol, contexts);
        try (var pem = Files.newInputStream(certificate.certificate())) {
            certificateHash = MessageDigest.getInstance("SHA-256")
                    .digest(CertificateFactory.getInstance("X.509")
                            .generateCertificate(pem)
                            .getEncoded());
        }
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void clientAndServerProveThatTheyKnowThePassword() throws ScramException {
        try (TestClient client = connect(plainText, "SCRAM-SHA-256 PLAIN LOGIN")) {
            assertEquals("OK alice@example.com", login(client, client("ALICE@example.com", "wonderland")));
            assertEquals("INVALID", login(client, client("alice@example.com", "looking-glass")));
            assertEquals("OK o=de,r@example.com", login(client, client("o=de,r@example.com", "pa\u0308ss word")));
        }
    }

    @Test
    void withTls13TheLoginIsBoundToTheChannel() throws ScramException {
        try (TestClient client = connect(tls, "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN")) {
            ScramClient bound = bound(certificateHash, ScramExchange.PLUS, ScramExchange.NAME);
            assertTrue(bound.getScramMechanism().isPlus());
            assertEquals("OK alice@example.com", login(client, bound));
        }
    }

    @Test
    void aLoginBoundToAnotherChannelIsRefused() throws ScramException {
        try (TestClient client = connect(tls, "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN")) {
            byte[] another = certificateHash.clone();
            another[0] ^= 1;
            assertEquals("INVALID", login(client, bound(another, ScramExchange.PLUS)));
        }
    }

    @Test
    void aClientThatWasNotShownPlusHasBeenLiedTo() throws ScramException {
        try (TestClient client = connect(tls, "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN")) {
            ScramClient deceived = bound(certificateHash, ScramExchange.NAME);
            String first = deceived.clientFirstMessage().toString();
            assertTrue(first.startsWith("y,,"), first);
            client.send("AUTH SCRAM-SHA-256 " + base64(first));
            assertEquals("INVALID", client.line());
        }
        try (TestClient client = connect(plainText, "SCRAM-SHA-256 PLAIN LOGIN")) {
            ScramClient rightlyWithout = bound(certificateHash, ScramExchange.NAME);
            assertEquals("OK alice@example.com", login(client, rightlyWithout));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AUTH SCRAM-SHA-256-PLUS|p=tls-unique,,n=alice@example.com,r=abc|INVALID",
                "AUTH SCRAM-SHA-256-PLUS|n,,n=alice@example.com,r=abc|MALFORMED",
                "AUTH SCRAM-SHA-256-PLUS|y,,n=alice@example.com,r=abc|MALFORMED",
                "AUTH SCRAM-SHA-256|p=tls-exporter,,n=alice@example.com,r=abc|MALFORMED",
                "AUTH SCRAM-SHA-256|n,a=bob@example.com,n=alice@example.com,r=abc|FORBIDDEN",
                "AUTH SCRAM-SHA-256|n,,m=x,n=alice@example.com,r=abc|MALFORMED",
                "AUTH SCRAM-SHA-256|n,,n=al=ice@example.com,r=abc|MALFORMED",
                "AUTH SCRAM-SHA-256|n,,n=alice@example.com|MALFORMED",
                "AUTH SCRAM-SHA-256|n,,n=alice@example.com,r=|MALFORMED",
                "AUTH SCRAM-SHA-256|n,,n=alice@example.com,r=a\u00e4b|MALFORMED",
                "AUTH SCRAM-SHA-256|x|MALFORMED",
                "AUTH SCRAM-SHA-256||MALFORMED"
            })
    void whatIsNoFirstMessageIsRefused(String line) {
        String[] parts = line.split("\\|");
        try (TestClient client = connect(tls, "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN")) {
            client.send(parts[0] + " " + (parts[1].isEmpty() ? "=" : base64(parts[1])));
            assertEquals(parts[2], client.line());
            client.send("LOGIN alice@example.com wonderland");
            assertEquals("OK alice@example.com", client.line(), "and nothing is left of it");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c=biws,r=%s,p=AAAA",
                "c=eSws,r=%s,p=%p",
                "c=biws,r=other,p=%p",
                "c=biws,r=%s",
                "",
                "c=biws,r=%s,p=!!"
            })
    void whatIsNoFinalMessageIsRefused(String form) {
        try (TestClient client = connect(plainText, "SCRAM-SHA-256 PLAIN LOGIN")) {
            client.send("AUTH SCRAM-SHA-256 " + base64("n,,n=alice@example.com,r=abc"));
            String nonce = serverFirst(client.line()).split(",")[0].substring(2);
            assertTrue(nonce.startsWith("abc") && nonce.length() > 20);
            client.send(base64(form.replace("%s", nonce).replace("%p", base64("x".repeat(32)))));
            String answer = client.line();
            assertTrue(answer.equals("INVALID") || answer.equals("MALFORMED"), answer);
        }
    }

    @Test
    void nobodyLooksLikeAnybodyAndAlwaysTheSame() throws ScramException {
        List<String> nobodys =
                List.of("nobody@example.com", "nobody", "imported@example.com", "x".repeat(1_020) + "@x");
        for (String name : nobodys) {
            String first = saltAndIterations(name);
            assertEquals(first, saltAndIterations(name));
            assertNotEquals(first, saltAndIterations("another-" + name.substring(8 % name.length())));
            assertEquals("10000", first.split(",i=")[1]);
            assertEquals(16, Base64.getDecoder().decode(first.substring(2, first.indexOf(",i="))).length);
        }
        assertEquals(saltAndIterations("alice@example.com"), saltAndIterations("Alice@Example.COM"));
        try (TestClient client = connect(plainText, "SCRAM-SHA-256 PLAIN LOGIN")) {
            for (String name : nobodys.subList(0, 3)) {
                assertEquals("INVALID", login(client, client(name, "p\u00e4ssword 1")));
            }
        }
    }

    @Test
    void anAccountFromElsewhereHasScramFromItsFirstLoginOn() throws Exception {
        fixture.addVerifier("moved@example.com", "$2y$05$9Sq.iAhhlwQ/XRlaGL/Q0uBb91LbAYKAJ6XfDczYkGCIAfhamA1Y2");
        try (TestClient client = connect(plainText, "SCRAM-SHA-256 PLAIN LOGIN")) {
            assertEquals("INVALID", login(client, client("moved@example.com", "p\u00e4ssword 1")));
            client.send("AUTH PLAIN " + base64("\0moved@example.com\0p\u00e4ssword 1"));
            assertEquals("OK moved@example.com", client.line());
            for (int i = 0; i < 200 && !fixture.verifier("moved@example.com").startsWith("$argon2id$"); i++) {
                Thread.sleep(50);
            }
            assertTrue(fixture.verifier("moved@example.com")
                    .matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$\\S+ SCRAM-SHA-256\\$10000:\\S+"));
            assertEquals("OK moved@example.com", login(client, client("moved@example.com", "p\u00e4ssword 1")));
            client.send("AUTH PLAIN " + base64("\0moved@example.com\0p\u00e4ssword 1"));
            assertEquals("OK moved@example.com", client.line());
        }
    }

    private static String saltAndIterations(String name) {
        try (TestClient client = connect(plainText, "SCRAM-SHA-256 PLAIN LOGIN")) {
            client.send("AUTH SCRAM-SHA-256 " + base64("n,,n=" + name + ",r=abc"));
            String first = serverFirst(client.line());
            return first.substring(first.indexOf(",s=") + 1);
        }
    }

    private static String serverFirst(String line) {
        assertTrue(line.startsWith("+ "), line);
        return new String(Base64.getDecoder().decode(line.substring(2)), StandardCharsets.UTF_8);
    }

    /** The server's last word; OK only when it has proven itself too. */
    private static String login(TestClient client, ScramClient scram) throws ScramException {
        client.send("AUTH " + scram.getScramMechanism().getName() + " "
                + base64(scram.clientFirstMessage().toString()));
        String challenge = client.line();
        scram.serverFirstMessage(serverFirst(challenge));
        client.send(base64(scram.clientFinalMessage().toString()));
        String answer = client.line();
        if (answer.startsWith("+ ")) {
            scram.serverFinalMessage(serverFirst(answer));
            client.send("");
            return client.line();
        }
        return answer;
    }

    private static ScramClient client(String name, String password) {
        return ScramClient.builder()
                .advertisedMechanisms(List.of(ScramExchange.NAME))
                .username(name)
                .password(password.toCharArray())
                .build();
    }

    private static ScramClient bound(byte[] binding, String... mechanisms) {
        return ScramClient.builder()
                .advertisedMechanisms(List.of(mechanisms))
                .username("alice@example.com")
                .password("wonderland".toCharArray())
                .channelBinding(END_POINT, binding)
                .build();
    }

    private static TestClient connect(ProtocolServer server, String mechanisms) {
        TestClient client = server == tls ? TestClient.connectTls(server.port()) : TestClient.connect(server.port());
        assertEquals("* " + mechanisms, client.line());
        return client;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
