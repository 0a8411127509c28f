package io.postrider.net.sasl;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.net.Instruments;
import io.postrider.net.ListenerOptions;
import io.postrider.net.ProtocolServer;
import io.postrider.net.TlsContexts;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.Store;
import io.postrider.store.postgres.DatabaseOptions;
import io.postrider.store.postgres.Migrator;
import io.postrider.store.postgres.PostgresStore;
import io.postrider.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A database with the domain example.com, and what a node makes of it. */
final class SaslFixture implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final TestDatabase database = TestDatabase.create();
    final Store store;
    final Passwords passwords;

    SaslFixture() {
        this(Passwords.Kinds.DEFAULT);
    }

    SaslFixture(Passwords.Kinds kinds) {
        passwords = new Passwords(vertx, kinds);
        await(Migrator.migrate(vertx, DatabaseOptions.of(database.url())));
        store = node();
        await(store.directory().addDomain("example.com", "example"));
    }

    /** Another node's store. */
    Store node() {
        return await(PostgresStore.open(vertx, DatabaseOptions.of(database.url()), registry));
    }

    Sasl sasl(GuessLimits limits) {
        return sasl(store, limits);
    }

    Sasl sasl(Store of, GuessLimits limits) {
        return new Sasl(new Authenticator(vertx, of, registry, passwords, limits));
    }

    ProtocolServer serve(ListenerOptions options, SaslProtocol protocol, TlsContexts tls) {
        return await(ProtocolServer.start(vertx, options.withInstances(1), protocol, tls, Instruments.of(registry)));
    }

    void add(String address, String password) {
        addVerifier(address, await(passwords.hash(password.getBytes(StandardCharsets.UTF_8))));
    }

    void addVerifier(String address, String verifier) {
        await(store.directory().createAccounts(List.of(new NewAccount(address, verifier, 0))));
    }

    String verifier(String address) {
        return await(store.credentials().proofs(address, "")).verifier();
    }

    @Override
    public void close() {
        await(vertx.close());
        database.close();
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
