package io.postrider.store.postgres;

import io.postrider.store.Refusal;
import io.postrider.store.Sessions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's sessions, each with a row that the other nodes count. A hint that an account or a tenant has changed makes it
 * ask which of its sessions have to end; a look at all of them now and then finds what a lost hint hid.
 *
 * <p>A row may be missing, after a crash of PostgreSQL for one: that ends no session. Only what stands in a row does.
 */
final class PostgresSessions implements Sessions {
    /** A node says so often that it lives. */
    static final Duration HEARTBEAT = Duration.ofSeconds(5);
    /** One that has not for so long is taken for dead. */
    static final Duration LEASE = Duration.ofSeconds(30);
    /** How often all sessions are looked at. */
    static final Duration LOOK = Duration.ofSeconds(20);
    /** Sessions that one statement asks about or writes. */
    static final int BATCH = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSessions.class);
    private static final int GATHER_MILLIS = 20;

    private final Database database;
    private final ContextInternal context;
    private final long node = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    private final Map<Long, Open> open = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> closed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closingSoon = new AtomicBoolean();
    private final List<Long> timers = new ArrayList<>();
    private volatile Future<Void> served;

    PostgresSessions(Database database) {
        this.database = database;
        this.context = ((VertxInternal) database.vertx()).createEventLoopContext();
    }

    /** A session as this node knows it. */
    private final class Open implements Session {
        private final long sessionId = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        private final long accountId;
        private final String protocol;
        private final String clientAddress;
        private final Listener listener;
        private final Context caller;
        private final OffsetDateTime since = OffsetDateTime.now(ZoneOffset.UTC);
        private volatile long tenantId;

        Open(long accountId, String protocol, String clientAddress, Listener listener, Context caller) {
            this.accountId = accountId;
            this.protocol = protocol;
            this.clientAddress = clientAddress;
            this.listener = listener;
            this.caller = caller;
        }

        @Override
        public void close() {
            if (open.remove(sessionId) != null) {
                forget(sessionId);
            }
        }
    }

    @Override
    public Future<Session> open(long accountId, String protocol, String clientAddress, Listener listener) {
        Context caller = ContextInternal.current();
        Open session = new Open(
                accountId,
                protocol,
                clientAddress,
                listener,
                caller == null ? database.vertx().getOrCreateContext() : caller);
        // It is known before its row is written: a hint that comes meanwhile finds it.
        open.put(session.sessionId, session);
        return serve().compose(v -> database.execute(
                        SessionQueries.OPEN, Tuple.of(accountId, protocol, session.sessionId, node, clientAddress)))
                .compose(rows -> rows.size() > 0 && Rows.only(rows).getBoolean("limited")
                        ? openWithinLimits(session)
                        : Future.succeededFuture(rows))
                .map(rows -> {
                    Refusal refusal = rows.size() == 0 ? refused(Refusal.Kind.NONEXISTENT) : refusal(Rows.only(rows));
                    if (refusal != null) {
                        database.metrics().sessionRefused(refusal.kind());
                        throw refusal;
                    }
                    session.tenantId = Rows.only(rows).getLong("tenant_id");
                    return (Session) session;
                })
                // Whether its row was written is not always known.
                .onFailure(failure -> session.close());
    }

    /** Null where the account is let in. */
    private static Refusal refusal(Row verdict) {
        String refusal = verdict.getString("refusal");
        if (refusal == null) {
            return null;
        }
        Refusal.Kind why = Refusal.Kind.valueOf(refusal);
        return why == Refusal.Kind.MOVED ? new Refusal.Moved(verdict.getString("referral")) : refused(why);
    }

    /** It may wait for who counts the same account's or tenant's logins at that moment. */
    private Future<RowSet<Row>> openWithinLimits(Open session) {
        return database.executeApart(
                session.accountId,
                SessionQueries.OPEN_LIMITED,
                Tuple.of(lease(), session.accountId, session.protocol, session.sessionId, node, session.clientAddress));
    }

    private static Refusal refused(Refusal.Kind why) {
        return new Refusal(
                why,
                switch (why) {
                    case SUSPENDED -> "This account is suspended";
                    case FORBIDDEN -> "This account may not use this protocol";
                    case TOO_MANY_SESSIONS -> "Too many sessions of this account or its tenant";
                    case TOO_FAST -> "Too many logins, try again in a minute";
                    default -> "This account is no longer here";
                });
    }

    /** From the first session on: a command line has none, and is no node. Completes once sessions here count. */
    private Future<Void> serve() {
        if (served == null) {
            synchronized (this) {
                if (served == null) {
                    served = heartbeat();
                    context.runOnContext(v -> {
                        timers.add(context.setPeriodic(HEARTBEAT.toMillis(), tick -> heartbeat()));
                        timers.add(context.setPeriodic(LOOK.toMillis(), tick -> lookAtAll()));
                    });
                }
            }
        }
        return served.isComplete() ? Future.succeededFuture() : Here.future(served);
    }

    Future<Void> stop() {
        if (served == null) {
            return Future.succeededFuture();
        }
        context.runOnContext(v -> timers.forEach(database.vertx()::cancelTimer));
        open.clear();
        return database.execute(SessionQueries.NODE_GOES, Tuple.of(node))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    void accountChanged(long accountId) {
        look(session -> session.accountId == accountId);
    }

    void tenantChanged(long tenantId) {
        // One that is being let in knows no tenant yet.
        look(session -> session.tenantId == tenantId || session.tenantId == 0);
    }

    void anythingMayHaveChanged() {
        look(session -> true);
    }

    private void lookAtAll() {
        look(session -> true);
        database.executeApart(
                        Database.NO_ACCOUNT,
                        SessionQueries.FORGET_STRAYS,
                        Tuple.of(node).addValue(open.keySet().toArray(Long[]::new)))
                .onFailure(failure -> LOG.warn("sessions that have ended may still count: {}", failure.getMessage()));
    }

    private void look(Predicate<Open> which) {
        List<Open> looked = open.values().stream().filter(which).toList();
        look(looked, 0)
                .onFailure(failure -> LOG.warn("which sessions have to end is not known: {}", failure.getMessage()));
    }

    private Future<Void> look(List<Open> sessions, int from) {
        if (from >= sessions.size()) {
            return Future.succeededFuture();
        }
        List<Open> some = sessions.subList(from, Math.min(sessions.size(), from + BATCH));
        return database.executeApart(
                        Database.NO_ACCOUNT,
                        SessionQueries.TO_END,
                        Tuple.of(
                                some.stream().map(s -> s.sessionId).toArray(Long[]::new),
                                some.stream().map(s -> s.accountId).toArray(Long[]::new),
                                some.stream().map(s -> s.protocol).toArray(String[]::new)))
                .compose(rows -> {
                    rows.forEach(row -> end(row.getLong("session_id"), row.getString("why")));
                    return look(sessions, from + BATCH);
                });
    }

    private void end(long sessionId, String why) {
        Open session = open.remove(sessionId);
        if (session != null) {
            session.caller.runOnContext(v -> session.listener.end(why));
            forget(sessionId);
        }
    }

    /** Rows of sessions that have ended go together. */
    private void forget(long sessionId) {
        closed.add(sessionId);
        if (closingSoon.compareAndSet(false, true)) {
            context.runOnContext(v -> context.setTimer(GATHER_MILLIS, timer -> {
                closingSoon.set(false);
                List<Long> gone = new ArrayList<>();
                for (Long id = closed.poll(); id != null; id = closed.poll()) {
                    gone.add(id);
                }
                database.execute(SessionQueries.CLOSE, Tuple.of(gone.toArray(Long[]::new)))
                        .onFailure(failure -> closed.addAll(gone));
            }));
        }
    }

    /** Never fails. */
    private Future<Void> heartbeat() {
        return database.execute(SessionQueries.NODE_LIVES, Tuple.of(node, hostName()))
                .compose(rows -> Rows.only(rows).getBoolean("is_new")
                        ? writeAgain(List.copyOf(open.values()), 0)
                        : Future.succeededFuture())
                .onFailure(failure -> LOG.warn("this node's sessions may not count: {}", failure.getMessage()))
                .otherwiseEmpty();
    }

    private Future<Void> writeAgain(List<Open> sessions, int from) {
        if (from >= sessions.size()) {
            return Future.succeededFuture();
        }
        List<Open> some = sessions.subList(from, Math.min(sessions.size(), from + BATCH)).stream()
                .filter(session -> session.tenantId != 0)
                .toList();
        return database.executeApart(
                        Database.NO_ACCOUNT,
                        SessionQueries.WRITE_AGAIN,
                        Tuple.of(node)
                                .addValue(some.stream().map(s -> s.sessionId).toArray(Long[]::new))
                                .addValue(some.stream().map(s -> s.accountId).toArray(Long[]::new))
                                .addValue(some.stream().map(s -> s.tenantId).toArray(Long[]::new))
                                .addValue(some.stream().map(s -> s.protocol).toArray(String[]::new))
                                .addValue(
                                        some.stream().map(s -> s.clientAddress).toArray(String[]::new))
                                .addValue(some.stream().map(s -> s.since).toArray(OffsetDateTime[]::new)))
                .compose(v -> writeAgain(sessions, from + BATCH));
    }

    static double lease() {
        return LEASE.toSeconds();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
