package io.postrider.pop3;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.IntFunction;

/** LIST's and UIDL's many lines, one for each message not marked as deleted, no faster than the client takes them. */
final class Listing {
    private static final int BATCH_OCTETS = 16 << 10;

    private final Pop3Connection session;
    private final IntFunction<String> line;
    private final Promise<Void> done = Promise.promise();
    private int number = 1;

    private Listing(Pop3Connection session, IntFunction<String> line) {
        this.session = session;
        this.line = line;
    }

    /** @param line what stands behind a message's number */
    static Future<Void> write(Pop3Connection session, IntFunction<String> line) {
        session.ok(session.maildrop().messages() + " messages");
        Listing listing = new Listing(session, line);
        listing.writeOn();
        return listing.done.future();
    }

    private void writeOn() {
        while (number <= session.maildrop().highestNumber()) {
            session.write(batch());
            Future<Void> drained = session.drained();
            if (!drained.succeeded()) {
                drained.onSuccess(taken -> writeOn()).onFailure(done::fail);
                return;
            }
        }
        session.write(".\r\n");
        done.complete();
    }

    private String batch() {
        StringBuilder lines = new StringBuilder(BATCH_OCTETS + 100);
        for (; number <= session.maildrop().highestNumber() && lines.length() < BATCH_OCTETS; number++) {
            if (!session.maildrop().isDeleted(number)) {
                lines.append(number).append(' ').append(line.apply(number)).append("\r\n");
            }
        }
        return lines.toString();
    }
}
