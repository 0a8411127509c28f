package io.postrider.store;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * Who has an account's maildrop open by POP3: one session at a time, whatever node it is on (RFC 1939 §4, §8). A lock is a
 * lease, since a node may die with it.
 */
public interface Maildrops {
    /**
     * Locks it for so long; false while another holder's lease runs.
     *
     * @param holder a name that no other session has, on any node
     */
    Future<Boolean> lock(long accountId, String holder, Duration lease);

    /** Lets the lease run on from now; false when the maildrop has been lost to another holder. */
    Future<Boolean> renew(long accountId, String holder, Duration lease);

    /** Gives it back; nothing happens when it is not held. */
    Future<Void> release(long accountId, String holder);
}
