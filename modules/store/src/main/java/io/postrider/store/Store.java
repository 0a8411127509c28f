package io.postrider.store;

import io.postrider.store.administration.Administration;
import io.vertx.core.Future;

/**
 * All mail and the directory, behind one door. Every method is asynchronous and completes on the caller's Vert.x context.
 *
 * <p>A future that fails with {@link Refusal} says that the wish cannot be granted; with {@link StoreUnavailableException}
 * that the database cannot be asked now; with anything else that we are at fault. What succeeded is committed and
 * flushed.
 */
public interface Store {
    Directory directory();

    Credentials credentials();

    Mailboxes mailboxes();

    Messages messages();

    Contents contents();

    ChangeFeed changes();

    Maildrops maildrops();

    Sessions sessions();

    Administration administration();

    /** Succeeds when the database answers and holds a schema that this node can serve. */
    Future<Void> ping();

    /** Finishes what runs and closes the connections to the database. */
    Future<Void> close();
}
