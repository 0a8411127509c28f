package io.postrider.store.postgres;

import io.postrider.store.MailboxKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's one connection for news: it listens to the other nodes and tells them what happened here. What happens within
 * a few milliseconds travels in one NOTIFY, outside any mail transaction, for NOTIFY holds a lock of the whole database
 * until its commit. When the connection is lost it is made again, and what may have been missed is the receiver's to ask.
 *
 * <p>All but {@link #tell} happens on one context.
 */
final class NewsWire {
    /** News that wait for the connection to come back; beyond it they are dropped, and the others' sweep finds them. */
    static final int MAX_WAITING = 50_000;

    private static final Logger LOG = LoggerFactory.getLogger(NewsWire.class);
    static final String CHANNEL = "postrider_changes";
    private static final String NAME = "postrider news";
    private static final long GATHER_MILLIS = 5;
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long LAST_RETRY_MILLIS = 2_000;

    private final ContextInternal context;
    private final Primary primary;
    private final String node = Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final StoreMetrics metrics;
    private final Receiver receiver;
    private final Map<MailboxKey, Long> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean sendingSoon = new AtomicBoolean();

    private PgConnection connection;
    private long generation;
    /** When the oldest of what waits happened, in milliseconds of the clock; 0 when nothing waits. */
    private volatile long waitingSince;

    private boolean hasListened;
    private boolean toldOfSilence;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private boolean stopped;

    /** Takes what comes. */
    interface Receiver {
        void changed(MailboxKey mailbox, long modSeq);

        /** An administrator has changed something about the account. */
        default void accountChanged(long accountId) {}

        /** Or about the tenant, and so about all its accounts. */
        default void tenantChanged(long tenantId) {}

        /** The wire is up, for the first time or again: anything may have happened meanwhile. */
        void listening();
    }

    NewsWire(ContextInternal context, Primary primary, StoreMetrics metrics, Receiver receiver) {
        this.context = context;
        this.primary = primary;
        this.metrics = metrics;
        this.receiver = receiver;
    }

    /** Completes once it listens, or the first attempt has failed: then it goes on trying. */
    Future<Void> start() {
        Promise<Void> tried = Promise.promise();
        context.runOnContext(v -> connect().onComplete(done -> tried.complete()));
        return tried.future();
    }

    Future<Void> stop() {
        return context.future(done -> context.runOnContext(v -> {
            stopped = true;
            send().compose(sent -> connection == null ? Future.succeededFuture() : connection.close())
                    .otherwiseEmpty()
                    .onComplete(done);
        }));
    }

    /** From any thread; never waits. */
    void tell(MailboxKey mailbox, long modSeq) {
        if (waiting.size() >= MAX_WAITING) {
            metrics.hintsDropped.increment();
            return;
        }
        waiting.merge(mailbox, modSeq, Math::max);
        if (waitingSince == 0) {
            waitingSince = System.currentTimeMillis();
        }
        if (sendingSoon.compareAndSet(false, true)) {
            context.execute(() -> context.setTimer(GATHER_MILLIS, timer -> {
                sendingSoon.set(false);
                send();
            }));
        }
    }

    int waiting() {
        return waiting.size();
    }

    /**
     * Whether the connection still answers, and from the primary: a former one would say nothing for ever. It is given up
     * else.
     */
    void checkPulse() {
        context.runOnContext(v -> {
            PgConnection asked = connection;
            if (asked == null) {
                return;
            }
            if (generation != primary.generation()) {
                giveUp(asked);
                return;
            }
            long askedGeneration = generation;
            Primary.refusesWrites(asked)
                    .timeout(primary.options().connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .onComplete((refuses, failure) -> {
                        if (failure == null && refuses) {
                            primary.noLongerPrimary(askedGeneration);
                        }
                        if (failure != null || refuses) {
                            giveUp(asked);
                        }
                    });
        });
    }

    private Future<Void> connect() {
        long now = primary.generation();
        return primary.connect(context)
                .compose(made -> {
                    made.notificationHandler(notification -> heard(notification.getPayload()));
                    // The name is for who looks at pg_stat_activity. A notification is a hint: it need not be on disk.
                    return made.query("set application_name = '" + NAME + "'; set synchronous_commit = off; listen "
                                    + CHANNEL)
                            .execute()
                            .map(made)
                            .onFailure(failure -> made.close());
                })
                .onSuccess(made -> up(made, now))
                .onFailure(failure -> {
                    // Once, however often it is tried until there are some again.
                    if (!toldOfSilence) {
                        LOG.warn("no news from other nodes: {}", failure.getMessage());
                    }
                    toldOfSilence = true;
                    connectLater();
                })
                .mapEmpty();
    }

    private void heard(String payload) {
        if (!News.isFrom(node, payload)) {
            long since = News.since(payload);
            if (since > 0) {
                // Clocks differ: what comes before it was sent came at once.
                metrics.lag.record(Math.max(0, System.currentTimeMillis() - since), TimeUnit.MILLISECONDS);
            }
            News.read(node, payload, (mailbox, modSeq) -> {
                metrics.hintsReceived.increment();
                receiver.changed(mailbox, modSeq);
            });
            News.readAdministrators(payload, receiver::accountChanged, receiver::tenantChanged);
        }
    }

    private void up(PgConnection made, long madeInGeneration) {
        if (stopped) {
            made.close();
            return;
        }
        connection = made;
        generation = madeInGeneration;
        metrics.listening.incrementAndGet();
        if (hasListened) {
            metrics.reconnects.increment();
        }
        hasListened = true;
        if (toldOfSilence) {
            LOG.info("there are news from other nodes again");
        }
        toldOfSilence = false;
        retryMillis = FIRST_RETRY_MILLIS;
        made.closeHandler(v -> lost(made));
        receiver.listening();
        send();
    }

    private void giveUp(PgConnection former) {
        former.close();
        lost(former);
    }

    private void lost(PgConnection former) {
        if (connection == former) {
            connection = null;
            metrics.listening.decrementAndGet();
            connectLater();
        }
    }

    private void connectLater() {
        if (!stopped) {
            long delay = ThreadLocalRandom.current().nextLong(retryMillis / 2, retryMillis + 1);
            retryMillis = Math.min(LAST_RETRY_MILLIS, retryMillis * 2);
            context.setTimer(delay, timer -> {
                if (!stopped) {
                    connect();
                }
            });
        }
    }

    private Future<Void> send() {
        if (connection == null || waiting.isEmpty()) {
            return Future.succeededFuture();
        }
        long since = waitingSince;
        waitingSince = 0;
        Map<MailboxKey, Long> news = new HashMap<>();
        for (MailboxKey mailbox : waiting.keySet()) {
            Long modSeq = waiting.remove(mailbox);
            if (modSeq != null) {
                news.put(mailbox, modSeq);
            }
        }
        Future<Void> sent = Future.succeededFuture();
        metrics.hintsSent.increment(news.size());
        for (String payload : News.write(node, since, news)) {
            metrics.notifications.increment();
            sent = connection
                    .preparedQuery("select pg_notify($1, $2)")
                    .execute(Tuple.of(CHANNEL, payload))
                    .mapEmpty();
        }
        return sent;
    }
}
