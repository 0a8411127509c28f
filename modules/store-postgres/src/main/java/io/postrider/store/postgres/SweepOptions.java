package io.postrider.store.postgres;

import java.time.Duration;

/**
 * How long what nobody needs any more is kept.
 *
 * @param contentGrace octets of a message that is in no mailbox any more; until then it could be brought back
 * @param incomingAge octets that came of a message which was never finished
 * @param expungedAge that a UID was expunged; a client that comes later has to compare all UIDs
 * @param every from one sweep to the next
 */
public record SweepOptions(Duration contentGrace, Duration incomingAge, Duration expungedAge, Duration every) {
    public static final SweepOptions DEFAULT =
            new SweepOptions(Duration.ofDays(7), Duration.ofDays(1), Duration.ofDays(90), Duration.ofMinutes(10));
}
