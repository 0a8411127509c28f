package io.postrider.store.postgres;

import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.store.ChangeFeed;
import io.postrider.store.MailboxKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * News of mailboxes: told at once to this node's watches, by {@link NewsWire} to the other nodes' ones. Any of it may be
 * lost, so a sweep now and then compares what the watches were told with what the mailboxes say.
 */
public final class PostgresChangeFeed implements ChangeFeed {
    static final Duration SWEEP = Duration.ofSeconds(20);
    /** How often the wire is asked whether it still is one. */
    static final long PULSE_MILLIS = 2_000;
    /** Mailboxes that one statement of a sweep asks for. */
    static final int SWEEP_BATCH = 5_000;

    /** No mailbox has this id. */
    private static final long NO_MAILBOX = 0;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresChangeFeed.class);

    private final Database database;
    private final ContextInternal context;
    private final Watches watches = new Watches();
    private final NewsWire wire;
    private final Duration sweepEvery;
    private final PostgresSessions sessions;

    private long sweepTimer = -1;
    private long pulseTimer = -1;
    private boolean sweeping;
    private boolean stopped;

    PostgresChangeFeed(Database database, Duration sweepEvery) {
        this(database, database.primary(), sweepEvery);
    }

    /** With news coming another way than everything else. */
    PostgresChangeFeed(Database database, Primary newsFrom, Duration sweepEvery) {
        this.database = database;
        this.sweepEvery = sweepEvery;
        this.sessions = new PostgresSessions(database);
        database.metrics().gauge("postrider.feed.watched.mailboxes", watches, Watches::size);
        this.context = ((VertxInternal) database.vertx()).createEventLoopContext();
        this.wire = new NewsWire(context, newsFrom, database.metrics(), new NewsWire.Receiver() {
            @Override
            public void changed(MailboxKey mailbox, long modSeq) {
                hint(mailbox, modSeq);
            }

            @Override
            public void accountChanged(long accountId) {
                sessions.accountChanged(accountId);
            }

            @Override
            public void tenantChanged(long tenantId) {
                sessions.tenantChanged(tenantId);
            }

            @Override
            public void listening() {
                watches.hintAll();
                sessions.anythingMayHaveChanged();
            }
        });
    }

    /** A feed that never sweeps, without a store: for measuring what NOTIFY carries. */
    public static Future<PostgresChangeFeed> alone(Vertx vertx, DatabaseOptions options, MeterRegistry registry) {
        PostgresChangeFeed feed = new PostgresChangeFeed(new Database(vertx, options, registry), Duration.ofDays(1));
        return feed.start().map(feed);
    }

    /** They hear by the same wire what administrators do. */
    PostgresSessions sessions() {
        return sessions;
    }

    Future<Void> start() {
        context.runOnContext(v -> {
            sweepTimer = context.setPeriodic(sweepEvery.toMillis(), timer -> sweepUnlessSweeping());
            pulseTimer = context.setPeriodic(PULSE_MILLIS, timer -> wire.checkPulse());
        });
        return wire.start();
    }

    Future<Void> stop() {
        context.runOnContext(v -> {
            stopped = true;
            database.vertx().cancelTimer(sweepTimer);
            database.vertx().cancelTimer(pulseTimer);
        });
        return sessions.stop().compose(v -> wire.stop());
    }

    /**
     * To be called after the commit that made the change; from any thread; never fails, never waits.
     *
     * @param highestModSeq {@link Long#MAX_VALUE} when the mailbox is gone
     */
    public void announce(MailboxKey mailbox, long highestModSeq) {
        hint(mailbox, highestModSeq);
        wire.tell(mailbox, highestModSeq);
    }

    /** As {@link #announce}: an account's mailboxes are others now, or other names are subscribed. */
    void announceNames(long accountId) {
        announce(ofAccount(accountId), Long.MAX_VALUE);
    }

    private void hint(MailboxKey mailbox, long modSeq) {
        watches.hint(mailbox, modSeq);
        if (mailbox.mailboxId() != NO_MAILBOX) {
            watches.hint(ofAccount(mailbox.accountId()), Long.MAX_VALUE);
        }
    }

    /** Stands for all mailboxes of an account. */
    private static MailboxKey ofAccount(long accountId) {
        return new MailboxKey(accountId, NO_MAILBOX);
    }

    @Override
    public Watch watchAccount(long accountId, Runnable listener) {
        return watch(ofAccount(accountId), anything -> listener.run());
    }

    @Override
    public Watch watch(MailboxKey mailbox, Listener listener) {
        Context caller = ContextInternal.current();
        return watches.add(mailbox, listener, caller == null ? database.vertx().getOrCreateContext() : caller);
    }

    private void sweepUnlessSweeping() {
        if (!sweeping) {
            sweeping = true;
            sweep(known(), 0).onComplete((v, failure) -> {
                sweeping = false;
                StoreMetrics metrics = database.metrics();
                (failure == null ? metrics.feedSweeps : metrics.feedSweepsFailed).increment();
                if (failure != null && !stopped) {
                    LOG.warn("the sweep for lost news failed: {}", failure.getMessage());
                }
            });
        }
    }

    /** Mailboxes to compare. Whoever watches a whole account looks by himself, with each sweep. */
    private List<Watches.Known> known() {
        List<Watches.Known> mailboxes = new ArrayList<>();
        for (Watches.Known known : watches.known()) {
            if (known.mailbox().mailboxId() == NO_MAILBOX) {
                watches.hint(known.mailbox(), Long.MAX_VALUE);
            } else {
                mailboxes.add(known);
            }
        }
        return mailboxes;
    }

    private Future<Void> sweep(List<Watches.Known> known, int from) {
        if (from >= known.size()) {
            return Future.succeededFuture();
        }
        int to = Math.min(known.size(), from + SWEEP_BATCH);
        return askFor(known.subList(from, to)).compose(newer -> {
            database.metrics().missedHints.increment(newer.size());
            for (Row row : newer) {
                Long modSeq = row.getLong("highest_modseq");
                watches.hint(
                        new MailboxKey(row.getLong("account_id"), row.getLong("mailbox_id")),
                        modSeq == null ? Long.MAX_VALUE : modSeq);
            }
            return sweep(known, to);
        });
    }

    private Future<RowSet<Row>> askFor(List<Watches.Known> known) {
        Long[] accounts = new Long[known.size()];
        Long[] mailboxes = new Long[known.size()];
        Long[] modSeqs = new Long[known.size()];
        for (int i = 0; i < known.size(); i++) {
            accounts[i] = known.get(i).mailbox().accountId();
            mailboxes[i] = known.get(i).mailbox().mailboxId();
            modSeqs[i] = known.get(i).modSeq();
        }
        return database.executeApart(
                Database.NO_ACCOUNT,
                ChangeFeedQueries.NEWER,
                Tuple.tuple().addArrayOfLong(accounts).addArrayOfLong(mailboxes).addArrayOfLong(modSeqs));
    }
}
