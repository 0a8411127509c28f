package io.postrider.imap;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.ProtocolServer;
import io.postrider.net.TlsContexts;
import io.postrider.net.sasl.Authenticator;
import io.postrider.net.sasl.GuessLimits;
import io.postrider.net.sasl.Passwords;
import io.postrider.net.sasl.Sasl;
import io.postrider.store.Account;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.Store;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.Migrator;
import io.postrider.store.postgres.PostgresStore;
import io.postrider.testkit.TestClient;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A whole IMAP server, for tests: sockets, event loops, and a store on a real database of its own. Further nodes on the same
 * database have a store of their own and know of each other only what the database tells them.
 */
final class ImapServer implements AutoCloseable {
    static final String PASSWORD = "secret";

    private static final int SECONDS = 30;

    private final TestDatabase database;
    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Store store;
    private final ProtocolServer server;
    private final List<ImapServer> nodes = new ArrayList<>();
    private final boolean ownsDatabase;
    private final boolean implicitTls;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private String verifier;

    private ImapServer(
            TestDatabase database, boolean ownsDatabase, ImapLimits limits, ListenerOptions options, TlsContexts tls) {
        this.database = database;
        this.ownsDatabase = ownsDatabase;
        this.implicitTls = options.tls() == Tls.IMPLICIT;
        DatabaseOptions where = DatabaseOptions.of(database.url());
        if (ownsDatabase) {
            await(Migrator.migrate(vertx, where));
        }
        store = await(PostgresStore.open(vertx, where, metrics));
        Sasl sasl = new Sasl(new Authenticator(vertx, store, metrics, new Passwords(vertx), GuessLimits.NONE));
        server = await(ProtocolServer.start(
                vertx,
                options,
                new ImapProtocol(store, sasl, limits, "mail.example.com"::equalsIgnoreCase, metrics),
                tls,
                metrics));
        if (ownsDatabase) {
            await(store.directory().addDomain("example.com", "test"));
        }
    }

    /** One node with a new database; passwords in the clear allowed. */
    static ImapServer start() {
        return start(ImapLimits.DEFAULT);
    }

    static ImapServer start(ImapLimits limits) {
        return start(limits, ListenerOptions.loopback("imap", Tls.NONE), null);
    }

    static ImapServer start(ImapLimits limits, ListenerOptions options, TlsContexts tls) {
        return new ImapServer(TestDatabase.create(), true, limits, options, tls);
    }

    /** Another node on this one's database; closed with it. */
    ImapServer secondNode() {
        return secondNode(ImapLimits.DEFAULT, ListenerOptions.loopback("imap", Tls.NONE), null);
    }

    ImapServer secondNode(ImapLimits limits, ListenerOptions options, TlsContexts tls) {
        ImapServer node = new ImapServer(database, false, limits, options, tls);
        nodes.add(node);
        return node;
    }

    /** An account whose password is {@link #PASSWORD}, without quota. */
    Account createAccount(String address) {
        return createAccount(address, 0);
    }

    Account createAccount(String address, long octetLimit) {
        if (verifier == null) {
            verifier = await(new Passwords(vertx).hash(PASSWORD.getBytes(StandardCharsets.UTF_8)));
        }
        return await(store.directory().createAccounts(List.of(new NewAccount(address, verifier, octetLimit))))
                .get(0);
    }

    int port() {
        return server.port();
    }

    /** A client that has read the greeting. */
    TestClient connect() {
        TestClient client = connectUngreeted();
        client.line();
        return client;
    }

    /** A client that has yet to read the greeting. */
    TestClient connectUngreeted() {
        return implicitTls ? TestClient.connectTls(port()) : TestClient.connect(port());
    }

    /** A client that is logged in. */
    TestClient login(String address) {
        TestClient client = connect();
        List<String> answer = client.imap("LOGIN " + address + " " + PASSWORD);
        if (!answer.get(answer.size() - 1).startsWith("OK")) {
            throw new IllegalStateException(answer.toString());
        }
        return client;
    }

    Store store() {
        return store;
    }

    TestDatabase database() {
        return database;
    }

    Vertx vertx() {
        return vertx;
    }

    SimpleMeterRegistry metrics() {
        return metrics;
    }

    /** Goes down as a node does: clients hear BYE. */
    void stop() {
        if (stopped.compareAndSet(false, true)) {
            await(server.stop());
            await(store.close());
            await(vertx.close());
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        nodes.forEach(ImapServer::close);
        stop();
        if (ownsDatabase) {
            database.close();
        }
    }
}
