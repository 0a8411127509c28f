package io.postrider.pop3;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.net.ListenerOptions;
import io.postrider.net.ProtocolServer;
import io.postrider.net.TlsContexts;
import io.postrider.net.sasl.Authenticator;
import io.postrider.net.sasl.GuessLimits;
import io.postrider.net.sasl.Passwords;
import io.postrider.net.sasl.Sasl;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.Flags;
import io.postrider.store.IncomingMessage;
import io.postrider.store.Mailbox;
import io.postrider.store.NewMessage;
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
import java.util.concurrent.TimeUnit;

/** A node: a store with POP3 listeners before it. Several may share one database. */
final class Pop3Server implements AutoCloseable {
    static final String PASSWORD = "open sesame";

    final TestDatabase database;
    final MeterRegistry meters = new SimpleMeterRegistry();
    final PostgresStore store;
    private final Vertx vertx = Vertx.vertx();
    private final Sasl sasl;
    private final List<ProtocolServer> listeners = new ArrayList<>();

    Pop3Server(TestDatabase database) {
        this.database = database;
        DatabaseOptions options = DatabaseOptions.of(database.url());
        await(Migrator.migrate(vertx, options));
        store = await(PostgresStore.open(vertx, options, meters));
        sasl = new Sasl(new Authenticator(vertx, store, meters, new Passwords(vertx), GuessLimits.NONE));
    }

    int listen(Pop3Limits limits) {
        return listen(limits, ListenerOptions.loopback("pop3", ListenerOptions.Tls.NONE), null)
                .port();
    }

    ProtocolServer listen(Pop3Limits limits, ListenerOptions options, Path certificateDirectory) {
        TlsContexts tls = null;
        if (certificateDirectory != null) {
            TestCertificate certificate = TestCertificate.create(certificateDirectory, "localhost");
            tls = TlsContexts.load(certificate.certificate(), certificate.key());
        }
        Pop3Protocol protocol = new Pop3Protocol(store, sasl, limits, meters);
        ProtocolServer server = await(ProtocolServer.start(vertx, options, protocol, tls, meters));
        listeners.add(server);
        return server;
    }

    void domain() {
        await(store.directory().addDomain("example.com", "Example"));
    }

    void account(String address) {
        String verifier = await(new Passwords(vertx).hash(PASSWORD.getBytes(StandardCharsets.UTF_8)));
        await(store.directory().createAccounts(List.of(new NewAccount(address, verifier, 0))));
    }

    Mailbox inbox(String address) {
        long accountId = await(store.directory().recipient(address, 1))
                .orElseThrow()
                .account()
                .accountId();
        return await(store.mailboxes().find(accountId, "INBOX")).orElseThrow();
    }

    void append(String address, String message) {
        append(address, Buffer.buffer(message.getBytes(StandardCharsets.ISO_8859_1)));
    }

    void append(String address, Buffer message) {
        Mailbox inbox = inbox(address);
        Future<?> appended = vertx.getOrCreateContext()
                .<Future<?>>executeBlocking(() -> null)
                .compose(any -> {
                    IncomingMessage incoming =
                            store.contents().receive(List.of(inbox.key().accountId()));
                    return write(incoming, message, 0)
                            .compose(written -> incoming.end())
                            .compose(content -> store.messages()
                                    .append(inbox.key(), List.of(new NewMessage(content, Flags.NONE, null))));
                });
        await(appended);
    }

    private static Future<Void> write(IncomingMessage incoming, Buffer message, int from) {
        int to = Math.min(message.length(), from + (256 << 10));
        return incoming.write(message.getBuffer(from, to))
                .compose(written -> to == message.length() ? Future.succeededFuture() : write(incoming, message, to));
    }

    long messages(String address) {
        return inbox(address).messages();
    }

    void expungeAll(String address) {
        await(store.messages().remove(inbox(address).key(), UidSet.ALL));
    }

    /** Connected, greeted and logged in. */
    static TestClient login(int port, String address) {
        TestClient client = TestClient.connect(port);
        client.line();
        client.send("USER " + address).line();
        client.send("PASS " + PASSWORD);
        String line = client.line();
        if (!line.startsWith("+OK")) {
            throw new IllegalStateException(line);
        }
        return client;
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As by SIGKILL: nothing is given back. */
    void die() {
        await(store.close());
        await(vertx.close());
    }

    @Override
    public void close() {
        listeners.forEach(listener -> await(listener.stop().otherwiseEmpty()));
        await(store.close());
        await(vertx.close());
    }
}
