package io.postrider.imap;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.TlsContexts;
import io.postrider.testkit.TestCertificate;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The same conversations over TLS: what is cut into records in other places says the same. */
class TlsConversationTest extends SelectedConversationTest {
    @TempDir
    static Path directory;

    @Override
    ImapServer startServer() {
        TestCertificate certificate = TestCertificate.create(directory, "localhost");
        return ImapServer.start(
                ImapLimits.DEFAULT,
                ListenerOptions.loopback("imaps", Tls.IMPLICIT),
                TlsContexts.load(certificate.certificate(), certificate.key()));
    }
}
