package io.postrider.smtp;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.net.ListenerOptions;
import io.postrider.net.ProtocolServer;
import io.postrider.net.TlsContexts;
import io.postrider.store.Account;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.FetchedMessage;
import io.postrider.store.Mailbox;
import io.postrider.store.UidSet;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.Migrator;
import io.postrider.store.postgres.PostgresStore;
import io.postrider.testkit.TestCertificate;
import io.postrider.testkit.TestClient;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A store on a database of its own, with LMTP listeners before it, and a look at what arrived. */
final class LmtpServer implements AutoCloseable {
    static final String HOSTNAME = "mx.example.com";

    final TestDatabase database = TestDatabase.create();
    final MeterRegistry meters = new SimpleMeterRegistry();
    final PostgresStore store;
    private final Vertx vertx = Vertx.vertx();
    private final List<ProtocolServer> listeners = new ArrayList<>();

    LmtpServer() {
        DatabaseOptions options = DatabaseOptions.of(database.url());
        await(Migrator.migrate(vertx, options));
        store = await(PostgresStore.open(vertx, options, meters));
        await(store.directory().addDomain("example.com", "Example"));
    }

    int listen(LmtpLimits limits) {
        return listen(limits, ListenerOptions.loopback("lmtp", ListenerOptions.Tls.NONE), null)
                .port();
    }

    int listenWithStartTls(Path directory) {
        TestCertificate certificate = TestCertificate.create(directory, "localhost");
        return listen(
                        LmtpLimits.DEFAULT,
                        ListenerOptions.loopback("lmtp", ListenerOptions.Tls.STARTTLS),
                        TlsContexts.load(certificate.certificate(), certificate.key()))
                .port();
    }

    ProtocolServer listen(LmtpLimits limits, ListenerOptions options, TlsContexts tls) {
        LmtpProtocol protocol = new LmtpProtocol(store, limits, HOSTNAME, meters);
        ProtocolServer server = await(ProtocolServer.start(vertx, options, protocol, tls, meters));
        listeners.add(server);
        return server;
    }

    void account(String address, long octetLimit) {
        await(store.directory().createAccounts(List.of(new NewAccount(address, "x", octetLimit))));
    }

    Account accountOf(String address) {
        return await(store.directory().recipient(address, 1)).orElseThrow().account();
    }

    /** The messages in a mailbox, whole, oldest first. */
    List<String> messages(String address, String mailboxName) {
        long accountId = accountOf(address).accountId();
        Mailbox mailbox = await(store.mailboxes().find(accountId, mailboxName)).orElseThrow();
        List<String> messages = new ArrayList<>();
        for (FetchedMessage fetched : await(store.messages().fetch(mailbox.key(), UidSet.ALL, Set.of(), 1000))) {
            messages.add(content(accountId, fetched).toString(StandardCharsets.ISO_8859_1));
        }
        return messages;
    }

    long count(String address) {
        return await(store.mailboxes().find(accountOf(address).accountId(), "INBOX"))
                .orElseThrow()
                .messages();
    }

    List<String> inbox(String address) {
        return messages(address, "INBOX");
    }

    private Buffer content(long accountId, FetchedMessage fetched) {
        Buffer whole = Buffer.buffer();
        while (whole.length() < fetched.message().size()) {
            whole.appendBuffer(await(store.contents()
                    .read(
                            accountId,
                            fetched.message().contentId(),
                            whole.length(),
                            fetched.message().size() - whole.length())));
        }
        return whole;
    }

    /** Connected, greeted and introduced. */
    static TestClient hello(int port) {
        TestClient client = TestClient.connect(port);
        client.line();
        client.send("LHLO client.example");
        client.linesUntil(line -> line.startsWith("250 "));
        return client;
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        listeners.forEach(listener -> await(listener.stop().otherwiseEmpty()));
        await(store.close());
        await(vertx.close());
        database.close();
    }
}
