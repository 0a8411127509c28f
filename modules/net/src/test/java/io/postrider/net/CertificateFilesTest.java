package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslProvider;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.testkit.AnyCertificate;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateFilesTest extends ServerTest {
    private Path names;
    private TestCertificate other;
    private CertificateFiles files;

    @BeforeEach
    void directories() throws IOException {
        names = Files.createDirectory(directory.resolve("names"));
        other = TestCertificate.create(directory, "localhost");
    }

    @ParameterizedTest
    @EnumSource(
            value = Tls.class,
            names = {"IMPLICIT", "STARTTLS"})
    void aClientIsShownTheCertificateOfTheNameItAsksFor(Tls tls) throws Exception {
        TestCertificate.create(names, "mail.example.com", "imap.example.com");
        TestCertificate.create(names, "any.example.org", "*.example.org");
        ProtocolServer server = serve(tls);
        assertEquals("CN=mail.example.com", shown(server, tls, "mail.example.com"));
        assertEquals("CN=mail.example.com", shown(server, tls, "IMAP.Example.Com"));
        assertEquals("CN=any.example.org", shown(server, tls, "imap.example.org"));
        assertEquals("CN=localhost", shown(server, tls, "a.b.example.org"));
        assertEquals("CN=localhost", shown(server, tls, "example.net"));
        assertEquals("CN=localhost", shown(server, tls, null));
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"OPENSSL", "JDK"})
    void aCertificateWithAnRsaKeyIsShownToo(SslProvider provider) throws Exception {
        TestCertificate rsa = TestCertificate.createRsa(directory, "rsa");
        TlsContexts contexts = TlsContexts.load(rsa.certificate(), rsa.key(), provider);
        ProtocolServer server = await(ProtocolServer.start(vertx, options(Tls.IMPLICIT), echo, contexts, registry));
        assertEquals("CN=rsa", shown(server, Tls.IMPLICIT, null));
    }

    @ParameterizedTest
    @EnumSource(
            value = Tls.class,
            names = {"IMPLICIT", "STARTTLS"})
    void aRenewedCertificateIsShownWithoutARestartAndOldConnectionsLive(Tls tls) throws Exception {
        TestCertificate.create(names, "mail.example.com");
        ProtocolServer server = serve(tls);
        String first = serial(server, tls, "mail.example.com");
        try (TestClient old =
                tls == Tls.IMPLICIT ? TestClient.connectTls(server.port()) : TestClient.connect(server.port())) {
            old.line();
            if (tls == Tls.STARTTLS) {
                old.send("STARTTLS");
                old.line();
                old.startTls();
            }
            TestCertificate.create(names, "mail.example.com");
            TestCertificate.create(names, "new.example.net");
            assertEquals(first, serial(server, tls, "mail.example.com"), "nobody has looked yet");
            files.reload();
            String second = serial(server, tls, "mail.example.com");
            assertTrue(!second.equals(first), second);
            assertEquals("CN=new.example.net", shown(server, tls, "new.example.net"));
            files.reload();
            assertEquals(second, serial(server, tls, "mail.example.com"));
            System.gc();
            old.send("still here");
            assertEquals("still here", old.line());
        }
        Files.delete(names.resolve("new.example.net.crt"));
        files.reload();
        assertEquals("CN=localhost", shown(server, tls, "new.example.net"));
    }

    /** A tenant whose certificate had not renewed kept thirty others from getting theirs. */
    @Test
    void oneBadCertificateBlocksNoOther() throws Exception {
        TestCertificate.create(names, "good.example.com");
        TestCertificate.create(names, "half.example.com");
        ProtocolServer server = serve(Tls.IMPLICIT);
        Files.writeString(names.resolve("empty.crt"), "");
        Files.writeString(names.resolve("empty.key"), "");
        Files.writeString(names.resolve("keyless.crt"), Files.readString(names.resolve("good.example.com.crt")));
        Files.write(names.resolve("large.crt"), new byte[CertificatePair.MAX_FILE + 1]);
        Files.writeString(names.resolve("large.key"), "");
        Files.copy(
                names.resolve("good.example.com.key"),
                names.resolve("half.example.com.key"),
                StandardCopyOption.REPLACE_EXISTING);
        TestCertificate.create(names, "later.example.com");
        files.reload();
        assertEquals("CN=good.example.com", shown(server, Tls.IMPLICIT, "good.example.com"));
        assertEquals("CN=later.example.com", shown(server, Tls.IMPLICIT, "later.example.com"));
        assertEquals("CN=half.example.com", shown(server, Tls.IMPLICIT, "half.example.com"), "the one before");
        assertEquals(4, gauge("bad"));
        assertEquals(4, gauge("good"));
        TestCertificate.create(names, "half.example.com");
        files.reload();
        assertEquals(3, gauge("bad"));
    }

    @Test
    void theCertificateForAllOtherNamesIsRenewedTooAndAGoneOneStays() throws Exception {
        ProtocolServer server = serve(Tls.IMPLICIT);
        TestCertificate renewed = TestCertificate.create(directory, "renewed");
        Files.copy(renewed.certificate(), other.certificate(), StandardCopyOption.REPLACE_EXISTING);
        files.reload();
        assertEquals("CN=localhost", shown(server, Tls.IMPLICIT, null), "the key is not there yet");
        Files.copy(renewed.key(), other.key(), StandardCopyOption.REPLACE_EXISTING);
        files.reload();
        assertEquals("CN=renewed", shown(server, Tls.IMPLICIT, null));
        Files.delete(other.key());
        files.reload();
        assertEquals("CN=renewed", shown(server, Tls.IMPLICIT, null));
    }

    @Test
    void aThousandDomainsHaveTheirCertificatesBeforeTheFirstClientComes() throws Exception {
        for (int i = 0; i < 1000; i++) {
            TestCertificate.create(names, "mail.tenant" + i + ".example");
        }
        ProtocolServer server = serve(Tls.IMPLICIT);
        assertEquals(1001, gauge("good"));
        for (int i = 0; i < 1000; i += 111) {
            String name = "mail.tenant" + i + ".example";
            assertEquals("CN=" + name, shown(server, Tls.IMPLICIT, name));
        }
    }

    /** A Secret is mounted as links into a directory that is swapped as a whole. */
    @Test
    void aMountedSecretIsReadAndItsSwapIsSeen() throws Exception {
        Path mount = Files.createDirectory(names.resolve("mail-example-com"));
        Path data = mount.resolve("..data");
        mounted(mount, "..1", TestCertificate.create(directory, "first.example.com"));
        Files.createSymbolicLink(data, Path.of("..1"));
        Files.createSymbolicLink(mount.resolve("tls.crt"), Path.of("..data/tls.crt"));
        Files.createSymbolicLink(mount.resolve("tls.key"), Path.of("..data/tls.key"));
        ProtocolServer server = serve(Tls.IMPLICIT);
        assertEquals("CN=first.example.com", shown(server, Tls.IMPLICIT, "first.example.com"));
        mounted(mount, "..2", TestCertificate.create(directory, "second.example.com"));
        Files.delete(data);
        Files.createSymbolicLink(data, Path.of("..2"));
        files.reload();
        assertEquals("CN=second.example.com", shown(server, Tls.IMPLICIT, "second.example.com"));
        assertEquals("CN=localhost", shown(server, Tls.IMPLICIT, "first.example.com"));
    }

    @Test
    void ofTwoForOneNameTheOneThatIsValidForLongerIsShownAndAnExpiredOneWhereThereIsNoOther() throws Exception {
        Instant now = Instant.now();
        Duration day = Duration.ofDays(1);
        create("a", now.minus(day.multipliedBy(9)), now.minus(day), "mail.example.com", "old.example.com");
        create("b", now.minus(day), now.plus(day), "mail.example.com", "mail.example.com");
        create("c", now.plus(day), now.plus(day.multipliedBy(9)), "mail.example.com", "mail.example.com");
        ProtocolServer server = serve(Tls.IMPLICIT);
        assertEquals("CN=b", shown(server, Tls.IMPLICIT, "mail.example.com"));
        assertEquals("CN=a", shown(server, Tls.IMPLICIT, "old.example.com"));
        assertEquals(1, gauge("expired"));
        assertEquals(
                now.minus(day).getEpochSecond(),
                registry.get("postrider.tls.certificates.first.expiry").gauge().value());
    }

    @Test
    void aDirectoryThatCannotBeReadLeavesAllAsItWas() throws Exception {
        TestCertificate.create(names, "mail.example.com");
        ProtocolServer server = serve(Tls.IMPLICIT);
        Files.move(names, directory.resolve("away"));
        files.reload();
        assertEquals("CN=mail.example.com", shown(server, Tls.IMPLICIT, "mail.example.com"));
    }

    @Test
    void aBadCertificateForAllNamesIsOneClearLine() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.crt"), "");
        Path missing = directory.resolve("missing.crt");
        TestCertificate second = TestCertificate.create(directory, "second");
        assertEquals("cannot read certificate " + missing, problem(missing, second.key()));
        for (List<Path> pair : List.of(
                List.of(empty, second.key()),
                List.of(second.certificate(), empty),
                List.of(second.certificate(), other.key()))) {
            String message = problem(pair.get(0), pair.get(1));
            assertTrue(message.startsWith("cannot use certificate " + pair.get(0)), message);
            assertEquals(-1, message.indexOf('\n'));
        }
    }

    private String problem(Path certificate, Path key) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> CertificateFiles.load(certificate, key, Optional.empty(), Optional.of(names), registry))
                .getMessage();
    }

    private void create(String commonName, Instant from, Instant until, String... alternatives) {
        String[] all = new String[alternatives.length + 1];
        all[0] = commonName;
        System.arraycopy(alternatives, 0, all, 1, alternatives.length);
        TestCertificate.create(names, from, until, all);
    }

    private static void mounted(Path mount, String version, TestCertificate certificate) throws IOException {
        Path at = Files.createDirectory(mount.resolve(version));
        Files.copy(certificate.certificate(), at.resolve("tls.crt"));
        Files.copy(certificate.key(), at.resolve("tls.key"));
    }

    private ProtocolServer serve(Tls tls) {
        files = CertificateFiles.load(other.certificate(), other.key(), Optional.empty(), Optional.of(names), registry);
        return await(ProtocolServer.start(vertx, options(tls), echo, files.contexts(), registry));
    }

    private double gauge(String state) {
        return registry.get("postrider.tls.certificates")
                .tag("state", state)
                .gauge()
                .value();
    }

    private static String shown(ProtocolServer server, Tls tls, String name) throws Exception {
        return certificate(server, tls, name).getSubjectX500Principal().getName();
    }

    private static String serial(ProtocolServer server, Tls tls, String name) throws Exception {
        return certificate(server, tls, name).getSerialNumber().toString();
    }

    private static X509Certificate certificate(ProtocolServer server, Tls tls, String name) throws Exception {
        SSLContext context = AnyCertificate.context();
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            plain.setSoTimeout(10_000);
            if (tls == Tls.STARTTLS) {
                readLine(plain);
                plain.getOutputStream().write("STARTTLS\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                readLine(plain);
            }
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", server.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static void readLine(Socket socket) throws IOException {
        int octet = socket.getInputStream().read();
        while (octet != '\n' && octet >= 0) {
            octet = socket.getInputStream().read();
        }
    }
}
