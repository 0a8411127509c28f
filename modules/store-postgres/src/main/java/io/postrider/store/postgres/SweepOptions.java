package io.postrider.store.postgres;

import java.time.Duration;

/**
 * How long what nobody needs any more is kept.
 *
 * @param contentGrace octets of a message that is in no mailbox any more; until then it could be brought back
 * @param incomingAge octets that came of a message which was never finished
 * @param expungedAge that a UID was expunged; a client that comes later has to compare all UIDs
 * @param deletedGrace accounts and tenants that were deleted, with their mail; until then they can be made active again
 * @param every from one sweep to the next
 */
public record SweepOptions(
        Duration contentGrace, Duration incomingAge, Duration expungedAge, Duration deletedGrace, Duration every) {
    public static final SweepOptions DEFAULT = new SweepOptions(
            Duration.ofDays(7), Duration.ofDays(1), Duration.ofDays(90), Duration.ofDays(30), Duration.ofMinutes(10));

    public SweepOptions withDeletedGrace(Duration grace) {
        return new SweepOptions(contentGrace, incomingAge, expungedAge, grace, every);
    }
}
