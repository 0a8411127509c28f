package io.postrider.pop3;

import io.postrider.store.Maildrops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * One session's hold on a maildrop, renewed as long as the session lives. When its node dies the lease runs out, and the next
 * session gets in. RFC 1939 §4, §8
 */
final class MaildropLock {
    private final Maildrops maildrops;
    private final long accountId;
    private final String holder;
    private final Duration lease;
    private Vertx vertx;
    private long timer;

    private MaildropLock(Maildrops maildrops, long accountId, String holder, Duration lease) {
        this.maildrops = maildrops;
        this.accountId = accountId;
        this.holder = holder;
        this.lease = lease;
    }

    static Future<MaildropLock> take(Maildrops maildrops, long accountId, String holder, Duration lease) {
        return maildrops.lock(accountId, holder, lease).map(locked -> {
            if (!locked) {
                throw Refused.no("[IN-USE] Another session has this maildrop open"); // RFC 2449 §8.1.2
            }
            return new MaildropLock(maildrops, accountId, holder, lease);
        });
    }

    /** Renews it three times within each lease, so that one failure of the database is borne. */
    void keep(Vertx on, Runnable lost) {
        vertx = on;
        timer = vertx.setPeriodic(
                Math.max(1, lease.toMillis() / 3),
                tick -> maildrops.renew(accountId, holder, lease).onSuccess(held -> {
                    if (!held && timer >= 0) {
                        lost.run();
                    }
                }));
    }

    /** Never fails: what is not released runs out. */
    Future<Void> release() {
        vertx.cancelTimer(timer);
        timer = -1;
        return maildrops.release(accountId, holder).otherwiseEmpty();
    }
}
