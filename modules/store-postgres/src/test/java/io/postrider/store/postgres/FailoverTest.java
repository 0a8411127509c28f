package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.store.Account;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.Flags;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.UidSet;
import io.postrider.testkit.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in the middle of traffic, and what happens to PostgreSQL: restarted, killed, demoted, replaced. */
class FailoverTest {
    /** Nobody waits longer for an answer, whatever happens. */
    private static final long LONGEST_ANSWER_MILLIS = 6_000;
    /** After PostgreSQL is back. */
    private static final long BACK_AGAIN_MILLIS = 3_000;

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final List<PostgresServer> servers = new ArrayList<>();
    private final List<PostgresStore> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(node -> await(node.close()));
        await(vertx.close());
        servers.forEach(PostgresServer::close);
    }

    /** Appends to INBOX and reads it all the time, on one node. */
    private final class Traffic {
        final PostgresStore node;
        final Mail mail;
        final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
        final Queue<Throwable> otherFailures = new ConcurrentLinkedQueue<>();
        final AtomicInteger unavailable = new AtomicInteger();
        final AtomicLong longestMillis = new AtomicLong();
        volatile boolean over;
        final Future<Void> ended;

        Traffic(PostgresStore node, Account account) {
            this.node = node;
            this.mail = new Mail(node, account);
            Future<Void> appends = again(() -> mail.appending(mail.inbox, "traffic", Flags.NONE)
                    .onSuccess(appended -> acknowledged.add(appended.uids().min())));
            Future<Void> reads = again(() -> node.mailboxes().get(mail.inbox));
            this.ended = Future.join(appends, reads).mapEmpty();
        }

        private Future<Void> again(java.util.function.Supplier<Future<?>> errand) {
            if (over) {
                return Future.succeededFuture();
            }
            long started = System.nanoTime();
            return errand.get()
                    .transform(done -> {
                        longestMillis.accumulateAndGet(
                                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started), Math::max);
                        if (done.failed() && done.cause() instanceof StoreUnavailableException) {
                            unavailable.incrementAndGet();
                        } else if (done.failed()) {
                            otherFailures.add(done.cause());
                        }
                        return vertx.timer(10, TimeUnit.MILLISECONDS);
                    })
                    .compose(v -> again(errand));
        }

        /** Works again: from now on, not with what was answered before. */
        void untilServed(String what) {
            int before = acknowledged.size();
            long started = System.nanoTime();
            until(what, () -> acknowledged.size() > before + 2);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            assertTrue(took < BACK_AGAIN_MILLIS, what + ": " + took + " ms");
        }

        void untilRefused(String what) {
            int before = unavailable.get();
            until(what, () -> unavailable.get() > before + 2);
        }

        /** Nothing acknowledged is lost or doubled, and whoever was not served was told so in time. */
        void end() {
            over = true;
            await(ended);
            UidSet there = await(node.messages().open(mail.inbox, false)).uids();
            acknowledged.forEach(uid -> assertTrue(there.contains(uid), "UID " + uid + " is lost"));
            assertEquals(acknowledged.size(), acknowledged.stream().distinct().count());
            assertEquals(List.of(), List.copyOf(otherFailures));
            assertTrue(longestMillis.get() < LONGEST_ANSWER_MILLIS, longestMillis + " ms for an answer");
        }
    }

    private PostgresStore node(String url) {
        PostgresStore node = await(PostgresStore.open(vertx, DatabaseOptions.of(url), new SimpleMeterRegistry()));
        nodes.add(node);
        return node;
    }

    private Account account(PostgresStore node, String name) {
        await(node.directory().addDomain(name + ".example", "Example"));
        return await(node.directory().createAccounts(List.of(new NewAccount("me@" + name + ".example", "$v$", 0))))
                .get(0);
    }

    private PostgresServer server(String name) {
        PostgresServer server = PostgresServer.create(directory.resolve(name));
        servers.add(server);
        return server;
    }

    @Test
    void aRestartedAndAKilledServerAreBackWithoutARestartOfTheNodes() {
        PostgresServer server = server("only");
        await(Migrator.migrate(vertx, DatabaseOptions.of(PostgresServer.url(server))));
        PostgresStore a = node(PostgresServer.url(server));
        PostgresStore b = node(PostgresServer.url(server));
        Account alice = account(a, "alice");
        Traffic onA = new Traffic(a, alice);
        Traffic onB = new Traffic(b, account(b, "bob"));
        AtomicLong heard = new AtomicLong();
        AtomicLong quiet = new AtomicLong();
        b.changes().watch(onA.mail.inbox, heard::set);
        b.changes().watch(onA.mail.find("Trash").key(), quiet::set);

        onA.untilServed("at first");
        server.stop();
        onA.untilRefused("while it is stopped");
        onB.untilRefused("while it is stopped, on B");
        server.start();
        onA.untilServed("after the restart");
        onB.untilServed("after the restart, on B");
        until("B looks again", () -> quiet.get() == Long.MAX_VALUE);
        heard.set(0);
        until("B hears of A again", () -> heard.get() > 0 && heard.get() < Long.MAX_VALUE);

        server.kill();
        onA.untilRefused("while it is dead");
        server.start();
        onA.untilServed("after it was killed");
        onB.untilServed("after it was killed, on B");
        onA.end();
        onB.end();
    }

    @Test
    void theWritableOneOfTwoIsFoundWhicheverItIs() {
        PostgresServer first = server("first");
        await(Migrator.migrate(vertx, DatabaseOptions.of(PostgresServer.url(first))));
        first.stop();
        PostgresServer second = first.copy(directory.resolve("second"));
        servers.add(second);
        second.follow(first);
        first.start();
        second.start();
        until("the standby follows", () -> "1".equals(first.queryOne("select count(*) from pg_stat_replication")));

        // The standby answers first, but is passed over.
        PostgresStore a = node(PostgresServer.url(second, first));
        PostgresStore b = node(PostgresServer.url(first, second));
        Traffic onA = new Traffic(a, account(a, "alice"));
        Traffic onB = new Traffic(b, account(b, "bob"));
        AtomicLong heard = new AtomicLong();
        b.changes().watch(onA.mail.inbox, heard::set);
        onA.untilServed("with a standby first in the URL");
        onB.untilServed("with a standby last in the URL");

        // Switched over: the old primary is stopped and comes back as the standby.
        first.stop();
        onA.untilRefused("with no primary");
        second.promote();
        onA.untilServed("by the second");
        onB.untilServed("by the second, on B");
        first.follow(second);
        first.start();
        until("the first follows", () -> "1".equals(second.queryOne("select count(*) from pg_stat_replication")));

        // Demoted without a single connection being closed: 25006.
        second.execute("alter system set default_transaction_read_only = on");
        second.execute("select pg_reload_conf()");
        onA.untilRefused("with a primary that refuses writes");
        until("all is replicated", () -> "t"
                .equals(second.queryOne(
                        "select bool_and(replay_lsn = pg_current_wal_lsn()) from pg_stat_replication")));
        first.promote();
        onA.untilServed("by the first again");
        onB.untilServed("by the first again, on B");
        heard.set(0);
        until("B hears of A again", () -> heard.get() > 0 && heard.get() < Long.MAX_VALUE);
        until("nobody stays with the former primary", () -> "0"
                .equals(second.queryOne("select count(*) from pg_stat_activity where application_name = 'postrider'")));
        onA.end();
        onB.end();
    }

    @Test
    void aHostThatSwallowsEverythingDoesNotHoldUpTheOther() {
        PostgresServer server = server("only");
        String url = PostgresServer.url(server);
        await(Migrator.migrate(vertx, DatabaseOptions.of(url)));
        String port = url.replaceAll("^.*:(\\d+)/.*$", "$1");
        try (SwallowingProxy proxy = new SwallowingProxy(vertx, "127.0.0.1", Integer.parseInt(port))) {
            proxy.swallow(true);
            long started = System.nanoTime();
            node(url.replace("@", "@127.0.0.1:" + proxy.port() + ","));
            assertTrue(System.nanoTime() - started < Duration.ofSeconds(4).toNanos());
        }
    }
}
