package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.TlsContexts;
import io.postrider.store.Account;
import io.postrider.store.MailboxKey;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits and what is told of them, and commands that take their time. */
class QuotaTest {
    private static final ImapLimits IMPATIENT = ImapLimits.DEFAULT.withInProgress(Duration.ofMillis(200));

    @Test
    void whoHasNoLimitIsToldOfNone() {
        try (ImapServer server = ImapServer.start()) {
            server.createAccount("free@example.com");
            try (TestClient client = server.login("free@example.com")) {
                assertEquals("* QUOTA \"\" ()", client.imap("GETQUOTA \"\"").get(0));
            }
        }
    }

    /** RFC 9585 */
    @Test
    void whoWaitsForALockIsToldThatHisCommandStillRuns() {
        try (ImapServer server = ImapServer.start(IMPATIENT)) {
            waitForALock(server);
        }
    }

    /** RFC 9585 */
    @Test
    void andSoIsWhoWaitsBehindTls(@TempDir Path directory) {
        TestCertificate certificate = TestCertificate.create(directory, "localhost");
        TlsContexts tls = TlsContexts.load(certificate.certificate(), certificate.key());
        try (ImapServer server = ImapServer.start(IMPATIENT, ListenerOptions.loopback("imaps", Tls.IMPLICIT), tls)) {
            waitForALock(server);
        }
    }

    private static void waitForALock(ImapServer server) {
        Account account = server.createAccount("slow@example.com");
        try (TestClient client = server.login("slow@example.com")) {
            TestMail.append(client, "INBOX", "", TestMail.numbered(1));
            client.imap("SELECT INBOX");
            MailboxKey sent = ImapServer.await(server.store().mailboxes().find(account.accountId(), "Sent"))
                    .orElseThrow()
                    .key();
            PgConnection holder = ImapServer.await(PgConnection.connect(
                    server.vertx(), PgConnectOptions.fromUri(server.database().url())));
            ImapServer.await(holder.query("begin").execute());
            ImapServer.await(holder.query("select from mailbox where account_id = " + sent.accountId()
                            + " and mailbox_id = " + sent.mailboxId() + " for update")
                    .execute());
            client.send("c1 COPY 1 Sent");
            assertEquals("* OK [INPROGRESS (\"c1\" NIL NIL)] Still at it", client.line());
            assertEquals("* OK [INPROGRESS (\"c1\" NIL NIL)] Still at it", client.line());
            ImapServer.await(holder.query("commit").execute().compose(done -> holder.close()));
            List<String> answer = client.linesUntil(line -> line.startsWith("c1 "));
            assertTrue(answer.get(answer.size() - 1).startsWith("c1 OK [COPYUID "), answer.toString());
            assertEquals(
                    1, ImapServer.await(server.store().mailboxes().get(sent)).messages());
        }
    }
}
